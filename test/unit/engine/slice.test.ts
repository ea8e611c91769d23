import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import type { LakeLog, StreamStore } from '../../../shared/ports.ts';
import { engineWorld, itemStream, items } from '../../support/engine-world.ts';
import { cursorRefused, throttled } from '../../support/memory/memory-console.ts';
import { countingWrites, sorted, start, unlike } from './slice-helpers.ts';

describe('a slice over a healthy console', () => {
  it('brings every record up to now minus the settle time into the lake, once, and plans the next slot', async () => {
    const world = await engineWorld(start);
    const due = items(95, '2026-11-24T08:00:00Z', 60_000);
    const notYet = items(3, '2026-11-24T10:00:00Z', 1_000, 'late');
    world.console.records = [...due, ...notYet];

    const outcome = await world.slice();

    expect(outcome.kind).toBe('done');
    expect(world.idsInLake()).toStrictEqual(due.map(({ id }) => id));
    expect(world.idsInLake('alerts')).toStrictEqual(due.map(({ id }) => id));
    const stream = world.stream();
    expect(stream.watermark).toBe(Date.parse('2026-11-24T10:00:00Z'));
    expect(stream.window).toBeUndefined();
    expect(stream.leaseUntil).toBe(0);
    expect(stream.nextDueAt).toBeGreaterThan(world.clock.now());
    expect(stream.nextDueAt).toBeLessThanOrEqual(world.clock.now() + 300_000);
    expect(stream.totals).toMatchObject({ records: 95, filtered: 0, windows: 2, throttled: 0 });
    expect(stream.status).toMatchObject({ health: 'ok', failures: 0 });
    expect(world.queue.sent).toStrictEqual([]);
  });

  it('keeps windows inside an hour and batches in the partition of their window', async () => {
    const world = await engineWorld(start);
    world.console.records = items(150, '2026-11-24T08:00:00Z', 60_000);

    await world.slice();

    for (const call of world.console.calls) {
      const from = Date.parse(call.params['updatedAt__gte'] ?? '');
      const to = Date.parse(call.params['updatedAt__lt'] ?? '');
      expect(Math.floor(from / 3_600_000)).toBe(Math.floor((to - 1) / 3_600_000));
      expect(call.params).toMatchObject({ sortBy: 'updatedAt', sortOrder: 'asc', limit: '10' });
    }
    for (const [key, { lines }] of world.lake.entries) {
      const hour = /dt=(.*)\/hr=(\d\d)/.exec(key);
      for (const line of lines)
        expect(JSON.parse(line).updatedAt).toMatch(new RegExp(`^${hour?.[1]}T${hour?.[2]}`));
    }
  });

  it('asks for the total once per window and writes it into the ledger with what was read', async () => {
    const world = await engineWorld(start);
    world.console.records = items(95, '2026-11-24T08:00:00Z', 60_000);

    await world.slice();

    const ledger = await world.streams.ledger(itemStream, 0, Number.MAX_SAFE_INTEGER);
    expect(ledger).toMatchObject([
      { read: 60, written: 60, filtered: 0, pages: 6, batches: 3, consoleTotal: 60, fence: 1 },
      { read: 35, written: 35, filtered: 0, pages: 4, batches: 2, consoleTotal: 35, fence: 1 },
    ]);
    expect(world.console.calls.filter(({ params }) => params['skipCount'] === undefined)).toHaveLength(2);
  });

  it('passes hundreds of empty hours with a dozen requests and one state write', async () => {
    const world = await engineWorld({ since: '2026-11-01T00:00:00Z', now: '2026-11-24T10:30:00Z' });
    const { streams, writes } = countingWrites(world.streams);

    const outcome = await world.slice({ streams });

    expect(outcome.kind).toBe('done');
    expect(world.console.calls.length).toBeLessThan(15);
    expect(writes()).toBe(1);
    expect(world.lake.entries.size).toBe(0);
    expect(world.stream().watermark).toBe(Date.parse('2026-11-24T10:29:00Z'));
  });

  it('finds the few records of an empty month', async () => {
    const world = await engineWorld({ since: '2026-11-01T00:00:00Z', now: '2026-11-24T10:30:00Z' });
    world.console.records = [
      ...items(3, '2026-11-01T00:59:59.999Z', 1, 'first'),
      ...items(30, '2026-11-13T23:59:59.990Z', 1, 'midnight'),
      ...items(2, '2026-11-24T09:59:59.999Z', 1, 'now'),
    ];
    // Empty pages with a cursor are no empty span.
    world.console.before = (call, i) =>
      i % 3 === 1 && call.params['cursor'] === undefined && call.params['limit'] === '1'
        ? { data: [], nextCursor: 'behind' }
        : undefined;

    expect((await world.slice()).kind).toBe('done');

    expect(sorted(world.idsInLake())).toStrictEqual(
      sorted(world.console.records.map((record) => Object(record).id)),
    );
    expect(world.stream().ahead).toBeUndefined();
  });

  it('writes an idle tick in one state write, and reads once', async () => {
    const world = await engineWorld({ since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' });
    const { streams, writes } = countingWrites(world.streams);
    expect((await world.slice({ streams })).kind).toBe('done');
    expect(writes()).toBe(1);
    expect(world.stream()).toMatchObject({ fence: 1, attempts: 0, leaseUntil: 0 });
  });

  it('does nothing on a second message but move the watermark', async () => {
    const world = await engineWorld(start);
    world.console.records = items(95, '2026-11-24T08:00:00Z', 60_000);
    await world.slice();
    const before = new Map(world.lake.entries);

    const outcome = await world.slice();

    expect(outcome.kind).toBe('done');
    expect(world.lake.entries).toStrictEqual(before);
  });

  it('writes records that cannot be normalised raw, and null records too', async () => {
    const world = await engineWorld(start);
    const broken = { updatedAt: '2026-11-24T08:00:10.000Z', note: 'no id' };
    world.console.before = (_, i) =>
      i === 0 ? { data: [broken, null, { id: 'good', updatedAt: '2026-11-24T08:00:11Z' }] } : undefined;

    await world.slice();

    const lines = [...world.lake.entries.values()].flatMap((entry) =>
      entry.lines.map((line) => JSON.parse(line)),
    );
    const syslog = lines.filter((line) => line.derived === undefined);
    expect(syslog).toHaveLength(3);
    expect(syslog.filter((line) => line.normalization_error !== undefined)).toHaveLength(2);
    expect(world.stream().totals.records).toBe(3);
  });
});

describe('a slice that runs out of time', () => {
  it('keeps what it has read, frees the stream and then asks for more', async () => {
    const world = await engineWorld(start);
    world.console.records = items(144, '2026-11-24T08:00:00Z', 50_000);
    // Every request takes ten seconds; the budget is 25.
    world.console.before = () => void world.clock.advance(10_000);

    const outcome = await world.slice({}, 25_000);

    expect(outcome).toStrictEqual({ kind: 'more' });
    expect(world.stream().leaseUntil).toBe(0);
    expect(world.stream().position).toBeDefined();
    expect(world.idsInLake().length).toBeGreaterThan(0);
    expect(world.queue.sent).toStrictEqual([
      { message: { version: 1, stream: itemStream }, delaySeconds: 0 },
    ]);
    expect(world.stream().nextDueAt).toBe(world.clock.now() + 900_000);

    world.console.before = () => undefined;
    await world.slice();
    expect(sorted(world.idsInLake())).toStrictEqual(world.console.records.map((record) => Object(record).id));
  });

  it('gives up a page that is still on its way when the process is about to be stopped', async () => {
    const world = await engineWorld(start);
    world.console.records = items(150, '2026-11-24T08:00:00Z', 60_000);
    const stopping = new AbortController();
    world.console.before = (_, i) => {
      if (i === 2) stopping.abort();
      return undefined;
    };
    const { runSlice } = await import('../../../shared/engine/slice.ts');

    const outcome = await runSlice(
      {
        message: { version: 1, stream: itemStream },
        receives: 1,
        owner: 'w',
        deadline: world.clock.now() + 100_000,
        signal: stopping.signal,
      },
      world.dependencies,
    );

    expect(outcome).toStrictEqual({ kind: 'more' });
    expect(world.idsInLake()).toHaveLength(20);
    expect(world.stream().status.health).not.toBe('unavailable');
  });

  it('throws when the message for the rest cannot be sent', async () => {
    const world = await engineWorld(start);
    world.console.records = items(150, '2026-11-24T08:00:00Z', 60_000);
    world.console.before = () => void world.clock.advance(10_000);
    const queue = { send: () => Promise.reject(new Error('SQS is down')) };

    await expect(world.slice({ queue }, 25_000)).rejects.toThrow('SQS is down');
    // Free and due by itself all the same.
    expect(world.stream().leaseUntil).toBe(0);
  });
});

describe('a slice that meets a refusing console', () => {
  it('keeps the pages read before a 429, says so, and comes back exactly when told', async () => {
    const world = await engineWorld(start);
    world.console.records = items(60, '2026-11-24T08:00:00Z', 60_000);
    world.console.before = (_, i) => {
      if (i === 3) throw throttled(37_500);
      return undefined;
    };

    const outcome = await world.slice({ batchLimits: { bytes: 8_000_000, pages: 10 } });

    expect(outcome).toMatchObject({ kind: 'failed', nextTryAt: world.clock.now() + 37_500 });
    expect(world.idsInLake()).toHaveLength(30);
    expect(world.queue.sent).toMatchObject([{ delaySeconds: 38 }]);
    expect(world.stream().status).toMatchObject({
      health: 'throttled',
      httpStatus: 429,
      failures: 1,
      nextTryAt: world.clock.now() + 37_500,
    });
    expect(world.stream().totals.throttled).toBe(1);

    world.console.before = () => undefined;
    await world.slice();
    expect(world.idsInLake()).toHaveLength(60);
    expect(world.stream().status).toMatchObject({ health: 'ok', failures: 0 });
    expect(world.stream().status.message).toBeUndefined();
  });

  it('waits longer than a queue can in the state table', async () => {
    const world = await engineWorld(start);
    world.console.before = () => {
      throw throttled(7_200_000);
    };

    await world.slice();

    expect(world.queue.sent).toStrictEqual([]);
    expect(world.stream().nextDueAt).toBe(world.clock.now() + 7_200_000);
  });

  it('confirms a 401 twice within seconds and then waits for the regular slot', async () => {
    const world = await engineWorld(start);
    const refused = new ConnectorError({
      code: 'token_refused',
      message: 'The console does not know the token.',
      health: 'credentials',
      retryable: false,
      recommendation: 'Replace it.',
      httpStatus: 401,
    });
    world.console.before = () => {
      throw refused;
    };

    const outcomes = [await world.slice(), await world.slice(), await world.slice()];

    expect(outcomes.map((outcome) => outcome.kind)).toStrictEqual(['failed', 'failed', 'failed']);
    expect(world.queue.sent.map(({ delaySeconds }) => delaySeconds)).toStrictEqual([5, 10]);
    expect(world.stream().status).toMatchObject({ health: 'credentials', httpStatus: 401, failures: 3 });
    expect(world.stream().nextDueAt).toBeLessThanOrEqual(world.clock.now() + 300_000);
  });

  it.each([
    [
      'descending keys',
      {
        data: [
          { id: 'b', updatedAt: '2026-11-24T08:00:02Z' },
          { id: 'a', updatedAt: '2026-11-24T08:00:01Z' },
        ],
      },
      'descending_key',
    ],
    ['its own cursor again', undefined, 'repeated_cursor'],
  ])('does not trust a console that sends %s', async (_, answer, code) => {
    const world = await engineWorld(start);
    world.console.before = (call, i) => {
      if (answer !== undefined) return answer;
      return {
        data: i === 0 ? [{ id: 'a', updatedAt: '2026-11-24T08:00:01Z' }] : [],
        nextCursor: call.params['cursor'] ?? 'again=',
      };
    };

    const outcome = await world.slice();

    expect(outcome).toMatchObject({ kind: 'failed', error: { code } });
    expect(world.idsInLake()).toStrictEqual(answer === undefined ? ['a'] : []);
  });

  it('goes on over empty pages that have a cursor, but not for ever', async () => {
    const world = await engineWorld({ since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' });
    world.console.before = (_, i) =>
      i < 5 ? { data: [], nextCursor: `c${i}` } : { data: [{ id: 'a', updatedAt: '2026-11-24T10:00:01Z' }] };
    await world.slice();
    expect(world.idsInLake()).toStrictEqual(['a']);

    world.clock.advance(600_000);
    world.console.before = (_, i) => ({ data: [], nextCursor: `d${i}` });
    expect(await world.slice()).toMatchObject({ kind: 'failed', error: { code: 'endless_pages' } });
  });
});

describe('a refused cursor', () => {
  it('is no reason to lose or repeat anything, also inside a burst of equal keys', async () => {
    const world = await engineWorld(start);
    // 35 records of one millisecond span four pages of ten, and two batches.
    const burst = items(35, '2026-11-24T08:10:00Z', 0, 'burst');
    world.console.records = [
      ...items(5, '2026-11-24T08:00:00Z', 1_000),
      ...burst,
      ...items(5, '2026-11-24T08:20:00Z', 1_000, 'z'),
    ];
    const refusedAt = new Set([3, 6]);
    world.console.before = (call, i) => {
      if (refusedAt.has(i) && call.params['cursor'] !== undefined) throw cursorRefused();
      return undefined;
    };

    expect((await world.slice()).kind).toBe('done');

    expect(sorted(world.idsInLake())).toStrictEqual(
      sorted(world.console.records.map((record) => Object(record).id)),
    );
    expect(world.logged.filter((message) => message.includes('lost the place'))).toHaveLength(2);
  });

  it('waits instead of spinning when every cursor is refused', async () => {
    const world = await engineWorld(start);
    world.console.records = items(35, '2026-11-24T08:10:00Z', 0, 'burst');
    world.console.before = (call) => {
      if (call.params['cursor'] !== undefined) throw cursorRefused();
      return undefined;
    };

    const outcome = await world.slice();

    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'cursor_refused' } });
    expect(world.console.calls.length).toBeLessThan(10);
    expect(world.idsInLake()).toHaveLength(10);
  });
});

describe('two workers at one place of the log', () => {
  it('drops the message while another worker holds the stream', async () => {
    const world = await engineWorld(start);
    const other = { owner: 'other', now: world.clock.now(), leaseMs: 150_000 };
    await world.streams.acquire(world.stream(), {}, other);
    expect(await world.slice()).toMatchObject({
      kind: 'dropped',
      reason: expect.stringContaining('another worker'),
    });
  });

  it('adopts the entry of a dead worker: its position counts, and the derived index is made from it', async () => {
    const world = await engineWorld(start);
    world.console.records = items(40, '2026-11-24T08:00:00Z', 60_000);
    // The first worker dies after its put and before its commit, with the derived entry still unwritten.
    const dying: LakeLog = unlike(world.lake as LakeLog, {
      append: async (id, header, body) => {
        await world.lake.append(id, header, body);
        throw new Error('killed');
      },
    });
    await expect(world.slice({ lake: dying })).rejects.toThrow('killed');
    expect(world.idsInLake()).toHaveLength(20);
    expect(world.idsInLake('alerts')).toHaveLength(0);
    // Meanwhile the console has changed: the second record was updated and left the window.
    world.console.records = world.console.records.filter((record) => Object(record).id !== 'i000001');

    await world.slice();

    expect(world.idsInLake()).toStrictEqual(items(40, '2026-11-24T08:00:00Z', 60_000).map(({ id }) => id));
    expect(world.idsInLake('alerts')).toStrictEqual(world.idsInLake());
    expect(world.stream().totals.records).toBe(40);
  });

  it('lets a zombie write nothing after its successor, not even into a window that the successor closed', async () => {
    const world = await engineWorld(start);
    world.console.records = items(25, '2026-11-24T08:00:00Z', 60_000);
    let zombieMayGoOn: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => {
      zombieMayGoOn = resolve;
    });
    let zombieIsPaused: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      zombieIsPaused = resolve;
    });
    const zombieLake: LakeLog = unlike(world.lake as LakeLog, {
      append: async (id, header, body) => {
        zombieIsPaused();
        await paused;
        return await world.lake.append(id, header, body);
      },
    });
    // The zombie opened the window and holds a batch that it has not yet put, when its lease runs out.
    const zombie = world.slice({ lake: zombieLake });
    await reached;
    world.clock.advance(151_000);
    // For the successor the window is empty: everything in it has changed and moved on.
    world.console.records = [];
    expect((await world.slice()).kind).toBe('done');
    const after = new Map(world.lake.entries);

    zombieMayGoOn();

    expect(await zombie).toStrictEqual({ kind: 'lostLease' });
    expect(world.lake.entries).toStrictEqual(after);
    expect(world.idsInLake()).toStrictEqual([]);
  });

  it('goes on when the answer of its own commit was lost', async () => {
    const world = await engineWorld(start);
    world.console.records = items(95, '2026-11-24T08:00:00Z', 60_000);
    let lost = 0;
    const streams: StreamStore = unlike(world.streams as StreamStore, {
      update: async (held, change) => {
        // As the SDK does it: the first answer never comes, the call is repeated.
        await world.streams.update(held, change);
        lost += 1;
        return await world.streams.update(held, change);
      },
    });

    expect((await world.slice({ streams })).kind).toBe('done');
    expect(lost).toBeGreaterThan(3);
    expect(world.idsInLake()).toHaveLength(95);
  });
});
