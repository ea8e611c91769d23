import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SliceDependencies } from '../../shared/engine/slice.ts';
import type { JsonObject } from '../../shared/json.ts';
import { engineWorld, itemStream } from '../support/engine-world.ts';
import { cursorRefused, throttled } from '../support/memory/memory-console.ts';

/**
 * What may happen at a call of a port. `killAfter`: it took effect, and nobody heard of it. `change`: a record of the
 * console changes before it answers, and moves to the present.
 */
type Fault = 'none' | 'killBefore' | 'killAfter' | 'throttle' | 'refuseCursor' | 'zombie' | 'change';

class Killed extends Error {
  override readonly name = 'Killed';
}

const since = Date.parse('2026-11-24T08:00:00Z');
const minute = 60_000;

/** Items with many equal keys, some of them exactly on the hour. */
const itemsArbitrary = fc.array(fc.nat({ max: 40 }), { maxLength: 60 }).map((offsets) =>
  offsets.map((offset, i) => ({
    id: `i${i}`,
    updatedAt: new Date(since + offset * 3 * minute).toISOString(),
  })),
);

const faultArbitrary: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fault>('none') },
  { weight: 2, arbitrary: fc.constant<Fault>('killBefore') },
  { weight: 3, arbitrary: fc.constant<Fault>('killAfter') },
  { weight: 1, arbitrary: fc.constant<Fault>('throttle') },
  { weight: 1, arbitrary: fc.constant<Fault>('refuseCursor') },
  { weight: 1, arbitrary: fc.constant<Fault>('zombie') },
  { weight: 4, arbitrary: fc.constant<Fault>('change') },
);

describe('whatever happens at any call of any port', () => {
  it('every record is in the lake exactly once, in both indices, and the ledger counts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        itemsArbitrary,
        fc.array(faultArbitrary, { maxLength: 120 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
        async (records, faults, pageSize, batchPages) => {
          const world = await engineWorld({
            since: new Date(since).toISOString(),
            now: '2026-11-24T10:10:00Z',
            pageSize,
            batchPages,
          });
          let current = records;
          world.console.records = current;
          const pending = [...faults];
          const zombies: (() => Promise<void>)[] = [];

          /** Wraps a port so that the next planned fault strikes at each of its calls. */
          function faulty<T extends object>(port: T): T {
            return new Proxy(port, {
              get(target, name) {
                const method: unknown = Reflect.get(target, name);
                if (typeof method !== 'function') return method;
                return async (...args: unknown[]) => {
                  const fault = pending.shift() ?? 'none';
                  if (fault === 'killBefore') throw new Killed();
                  if (fault === 'zombie') {
                    // The worker is taken for dead here; its call arrives only after its successors' work.
                    zombies.push(async () => void (await method.apply(target, args)));
                    throw new Killed();
                  }
                  const result: unknown = await method.apply(target, args);
                  if (fault === 'killAfter') throw new Killed();
                  return result;
                };
              },
            });
          }
          world.console.before = (call) => {
            const fault = pending.shift() ?? 'none';
            if (fault === 'change' && current.length > 0) {
              const changed = pending.length % current.length;
              const updatedAt = new Date(world.clock.now()).toISOString();
              current = current.map((record, i) => (i === changed ? { ...record, updatedAt } : record));
              world.console.records = current;
            }
            if (fault === 'throttle') throw throttled();
            if (fault === 'refuseCursor' && call.params['cursor'] !== undefined) throw cursorRefused();
            return undefined;
          };
          const ports: Partial<SliceDependencies> = {
            streams: faulty(world.streams),
            lake: faulty(world.lake),
            queue: faulty(world.queue),
          };
          for (let slices = 0; slices < 400; slices++) {
            const outcome = await world
              .slice(pending.length > 0 ? ports : {}, 60_000)
              .catch((error: unknown) => {
                if (error instanceof Killed) return undefined;
                throw error;
              });
            if (outcome?.kind === 'done') break;
            world.clock.advance(151_000);
          }
          for (const zombie of zombies) await zombie();

          const revisions = (index: string): readonly string[] =>
            [...world.lake.entries]
              .filter(([key]) => key.includes(`/index=${index}/`))
              .flatMap(([, entry]) => entry.lines.map((line) => revisionOf(JSON.parse(line))))
              .sort();
          const { watermark, totals } = world.stream();
          const inLake = revisions('syslog');
          const shown = current.filter(({ updatedAt }) => Date.parse(updatedAt) < watermark).map(revisionOf);
          expect(inLake).toStrictEqual([...new Set(inLake)]);
          expect(inLake).toStrictEqual(expect.arrayContaining(shown));
          expect(revisions('alerts')).toStrictEqual(inLake);
          const ledger = await world.streams.ledger(itemStream, 0, Number.MAX_SAFE_INTEGER);
          expect(ledger.reduce((sum, { written }) => sum + written, 0)).toBe(inLake.length);
          expect(totals.records).toBe(inLake.length);
          expectOneChainPerWindow(world.lake.entries);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function revisionOf(record: JsonObject): string {
  return `${record['id']} ${record['updatedAt']}`;
}

/** I1 and I2: the batches of a window are numbered without a gap, and exactly the last one ends it. */
function expectOneChainPerWindow(
  entries: ReadonlyMap<string, { header: { window: { from: number }; batch: number; end: boolean } }>,
): void {
  const windows = new Map<number, { batch: number; end: boolean }[]>();
  for (const [key, { header }] of entries) {
    if (!key.includes('/index=syslog/')) continue;
    windows.set(header.window.from, [...(windows.get(header.window.from) ?? []), header]);
  }
  for (const headers of windows.values()) {
    const chain = headers.sort((a, b) => a.batch - b.batch);
    expect(chain.map(({ batch }) => batch)).toStrictEqual(chain.map((_, i) => i));
    expect(chain.map(({ end }) => end)).toStrictEqual(chain.map((_, i) => i === chain.length - 1));
  }
}
