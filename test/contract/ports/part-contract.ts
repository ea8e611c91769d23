import { expect, it } from 'vitest';
import type { StreamId } from '../../../shared/engine/stream.ts';
import type { StatePorts } from './state-contract.ts';

const settings = { tenantName: 'Acme', connectorName: 'EDR', intervalMs: 1, siteIds: [], accountIds: [] };
const now = Date.parse('2026-11-24T10:00:00Z');
const leaseMs = 150_000;

/** What every implementation of the state table must do with streams that read the past. */
export function definePartContract(ports: () => StatePorts): void {
  let made = 0;
  async function newParts(...parts: readonly string[]): Promise<readonly StreamId[]> {
    const live = { tenant: 'parts', connector: `c${++made}`, contentType: 'threats' };
    const ids = [live, ...parts.map((part) => ({ ...live, part }))];
    for (const id of ids)
      await ports().connectors.ensureStream(id, { since: 0, settings, nextDueAt: now, now });
    return ids;
  }
  async function held(id: StreamId, at: number) {
    const read = await ports().streams.read(id);
    if (read.kind !== 'found') throw new Error(`The stream is ${read.kind}.`);
    const outcome = await ports().streams.acquire(read.stream, {}, { owner: `w${at}`, now: at, leaseMs });
    if (outcome.kind !== 'updated') throw new Error('The stream was lost.');
    return outcome.stream;
  }
  async function dueOf({ connector }: StreamId, at: number): Promise<readonly StreamId[]> {
    const ids: StreamId[] = [];
    for await (const { items } of ports().dueIndex.due(at))
      for (const { id } of items) if (id.tenant === 'parts' && id.connector === connector) ids.push(id);
    return ids.toSorted((a, b) => ((a.part ?? '') < (b.part ?? '') ? -1 : 1));
  }

  it('lists them apart from the live ones, and each has its own progress', async () => {
    const [live, b1, b2] = await newParts('b1', 'b2');
    if (live === undefined || b1 === undefined || b2 === undefined) throw new Error('No streams.');
    await ports().streams.update(await held(b1, now), { watermark: 7, leaseUntil: 0 });
    const { connectors } = ports();
    expect((await connectors.streams(live.tenant, live.connector)).map(({ id }) => id)).toStrictEqual([live]);
    expect(
      (await connectors.parts(live.tenant, live.connector)).map(({ id, watermark }) => ({ id, watermark })),
    ).toStrictEqual([
      { id: b1, watermark: 7 },
      { id: b2, watermark: 0 },
    ]);
  });

  it('has them in the due index under their whole id, each with a claim of its own', async () => {
    const [live, b1] = await newParts('b1');
    if (live === undefined || b1 === undefined) throw new Error('No streams.');
    expect(await dueOf(live, now)).toStrictEqual([live, b1]);
    expect(await ports().dueIndex.claim({ id: b1, nextDueAt: now }, now + 5)).toBe(true);
    expect(await dueOf(live, now)).toStrictEqual([live]);
    expect(await dueOf(live, now + 5)).toStrictEqual([live, b1]);
  });

  it('has one that has ended in the due index no more, and nobody can claim it', async () => {
    const [live, b1] = await newParts('b1');
    if (live === undefined || b1 === undefined) throw new Error('No streams.');
    const ended = await ports().streams.update(await held(b1, now), { leaseUntil: 0, nextDueAt: null });
    expect(ended).toMatchObject({ kind: 'updated' });
    const years = now + 10 * 365 * 86_400_000;
    expect(await dueOf(live, years)).toStrictEqual([live]);
    expect(await ports().dueIndex.claim({ id: b1, nextDueAt: now }, years)).toBe(false);
    await ports().connectors.ensureStream(b1, { since: 0, settings, nextDueAt: now, now });
    expect(await dueOf(live, years)).toStrictEqual([live]);
    const [stored] = await ports().connectors.parts(live.tenant, live.connector);
    expect(stored).not.toHaveProperty('nextDueAt');
  });

  it('keeps the ledgers of a content type and of its past apart', async () => {
    const [live, b1] = await newParts('b1');
    if (live === undefined || b1 === undefined) throw new Error('No streams.');
    const entry = { batches: 1, closedAt: now, fence: 1, read: 1, written: 1, filtered: 0, pages: 1 };
    const window = { from: now, to: now + 1 };
    for (const [i, stream] of [live, b1].entries())
      await ports().streams.putLedgerEntry({ ...entry, throttledMs: i, stream, window });
    const waits = async (id: StreamId) =>
      (await ports().connectors.ledger(id, now, now + 1)).map(({ throttledMs }) => throttledMs);
    expect(await waits(live)).toStrictEqual([0]);
    expect(await waits(b1)).toStrictEqual([1]);
  });
}
