import { describe, expect, it } from 'vitest';
import { engineWorld, itemStream, items } from '../../support/engine-world.ts';
import { throttled } from '../../support/memory/memory-console.ts';

const since = '2026-11-24T08:00:00Z';
const now = '2026-11-24T12:00:00Z';
const hourMs = 3_600_000;

describe('a paused stream', () => {
  it('is not worked on, whatever messages there are about it', async () => {
    const world = await engineWorld({ since, now });
    world.console.records = items(5, since, 1_000);
    await world.streams.pause(itemStream, world.clock.now());
    expect(await world.slice()).toStrictEqual({ kind: 'dropped', reason: 'the stream is paused' });
    expect(world.idsInLake()).toStrictEqual([]);
    await world.streams.resume(itemStream, world.clock.now());
    expect((await world.slice()).kind).toBe('done');
    expect(world.idsInLake()).toHaveLength(5);
  });
});

describe('a stream with an end', () => {
  const until = Date.parse(since) + 2 * hourMs;
  async function past() {
    const world = await engineWorld({ since, now });
    const { settings } = world.stream();
    await world.streams.ensureStream(itemStream, {
      since: Date.parse(since),
      settings: { ...settings, until },
      nextDueAt: world.clock.now(),
      now: world.clock.now(),
    });
    world.console.records = [
      ...items(7, since, 60_000, 'before'),
      ...items(1, new Date(until - 1).toISOString(), 1, 'last'),
      ...items(3, new Date(until).toISOString(), 1_000, 'after'),
    ];
    return world;
  }

  it('is read up to there and no further, and is not due again', async () => {
    const world = await past();
    expect(await world.slice()).toStrictEqual({ kind: 'ended' });
    expect(world.idsInLake().filter((id) => !id.startsWith('before'))).toStrictEqual(['last000000']);
    expect(world.idsInLake()).toHaveLength(8);
    const stream = world.stream();
    expect(stream.watermark).toBe(until);
    expect('nextDueAt' in stream).toBe(false);
    expect(stream.status.health).toBe('ok');
    expect('ahead' in stream).toBe(false);
  });

  it('stays where it is when a message comes again', async () => {
    const world = await past();
    await world.slice();
    const before = [...world.lake.entries.keys()];
    const ended = world.stream();
    world.clock.advance(10 * hourMs);
    // After weeks in the dead-letter queue, say, when the token is no good any more.
    const openConsole = () => Promise.reject(throttled());
    expect(await world.slice({ openConsole })).toStrictEqual({
      kind: 'dropped',
      reason: 'the stream has ended',
    });
    expect([...world.lake.entries.keys()]).toStrictEqual(before);
    expect(world.stream()).toStrictEqual(ended);
  });

  it('is ended by the next worker where the one that read the rest has died', async () => {
    const world = await past();
    const row = world.streams.rows.get('acme/edr/items');
    if (row === undefined) throw new Error('The stream is gone.');
    row.stream = { ...row.stream, fence: 1, watermark: until, leaseUntil: world.clock.now() };
    expect(await world.slice()).toStrictEqual({ kind: 'ended' });
    expect('nextDueAt' in world.stream()).toBe(false);
  });

  it('rests between its slices, and says that all is well however far back it is', async () => {
    const world = await past();
    const letIoProceed = async () => undefined;
    const list = world.console.list.bind(world.console);
    world.console.list = (...asked) => {
      world.clock.advance(1_000);
      return list(...asked);
    };
    expect((await world.slice({ letIoProceed }, 500)).kind).toBe('more');
    expect(world.queue.sent.at(-1)?.delaySeconds).toBe(30);
    expect(world.stream().status.health).toBe('ok');
  });
});

describe('what was done lately', () => {
  it('is counted when it is in the lake: records, bytes, and when it was', async () => {
    const world = await engineWorld({ since, now });
    world.console.records = items(5, since, 1_000);
    await world.slice();
    const { totals } = world.stream();
    expect(totals.lastDataAt).toBe(world.clock.now());
    const bytes = totals.recent?.today.bytes ?? 0;
    expect(bytes).toBeGreaterThan(0);
    const amounts = { records: 5, bytes, filtered: 0, throttledMs: 0, unavailableMs: 0 };
    expect([totals.recent?.thisHour, totals.recent?.today]).toStrictEqual([amounts, amounts]);
  });
});
