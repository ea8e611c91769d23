import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import type { LakeLog, StreamStore } from '../../../shared/ports.ts';
import { ConsoleClock } from '../../../shared/sentinelone/console-clock.ts';
import { engineWorld, itemStream, items } from '../../support/engine-world.ts';
import { listOnly } from '../../support/list-only.ts';
import { cursorRefused, throttled } from '../../support/memory/memory-console.ts';
import { sorted, start, unlike } from './slice-helpers.ts';

describe('a crash', () => {
  it('is noted with a growing pause and thrown, so that the queue counts it', async () => {
    const world = await engineWorld(start);
    world.console.records = items(5, '2026-11-24T08:00:00Z', 60_000);
    const lake: LakeLog = unlike(world.lake as LakeLog, {
      append: () => Promise.reject(new Error('no such bucket')),
    });

    await expect(world.slice({ lake })).rejects.toThrow('no such bucket');
    expect(world.stream().status).toMatchObject({
      health: 'internal',
      failures: 1,
      message: expect.stringContaining('no such bucket'),
    });
    expect(world.stream().nextDueAt).toBe(world.clock.now() + 60_000);
    await expect(world.slice({ lake })).rejects.toThrow('no such bucket');
    expect(world.stream().nextDueAt).toBe(world.clock.now() + 120_000);

    await world.slice();
    expect(world.idsInLake()).toHaveLength(5);
    expect(world.stream().status).toMatchObject({ health: 'ok', failures: 0 });
  });

  it('of the whole table still throws the first error', async () => {
    const world = await engineWorld(start);
    const streams: StreamStore = unlike(world.streams as StreamStore, {
      acquire: () => Promise.reject(new Error('table is gone')),
      update: () => Promise.reject(new Error('table is gone')),
    });
    await expect(world.slice({ streams })).rejects.toThrow('table is gone');
    expect(world.logged.some((message) => message.includes('could not be noted'))).toBe(true);
  });

  it('is not what a stream that does not exist causes', async () => {
    const world = await engineWorld(start);
    world.streams.rows.clear();
    expect(await world.slice()).toStrictEqual({ kind: 'dropped', reason: 'no such stream' });
  });

  it('is not what an unknown content type causes: it is in the status, with what to do', async () => {
    const world = await engineWorld(start);
    const outcome = await world.slice({ findContentType: () => undefined });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'unknown_content_type' } });
    expect(world.stream().status).toMatchObject({ health: 'internal', code: 'unknown_content_type' });
  });
});

describe('a worker that is killed without a word', () => {
  /** Kills the worker at its first page: the slice never ends. */
  async function die(world: Awaited<ReturnType<typeof engineWorld>>, receives = 1): Promise<void> {
    const asked = Promise.withResolvers<void>();
    world.console.before = () => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    void world.slice({}, 100_000, receives);
    await asked.promise;
    world.clock.advance(150_000);
  }

  it('is noticed from the second time on, with a pause that grows', async () => {
    const world = await engineWorld(start);
    // The first one had not taken the stream yet; the queue delivers its message again.
    await die(world);
    expect(world.stream()).toMatchObject({ fence: 0, attempts: 0 });
    const pauses: number[] = [];
    for (let receives = 2; receives <= 6; receives++) {
      await die(world, receives);
      const { status, nextDueAt = 0 } = world.stream();
      pauses.push(Math.round((nextDueAt - (world.clock.now() - 150_000)) / 1_000));
      if (receives > 2)
        expect(status).toMatchObject({ health: 'internal', code: 'worker_died', failures: receives - 2 });
    }
    expect(pauses).toStrictEqual([150, 150, 150, 240, 480]);
    expect(world.stream().status.message).toContain('4 workers');

    world.console.before = () => undefined;
    expect((await world.slice()).kind).toBe('done');
    expect(world.stream()).toMatchObject({ attempts: 0, status: { health: 'ok', failures: 0 } });
  });

  it('is forgotten once a slice leaves a word, and not by a batch before the next death', async () => {
    const world = await engineWorld(start);
    world.console.records = items(95, '2026-11-24T08:00:00Z', 60_000);
    await die(world, 2);
    await die(world, 3);
    expect(world.stream().attempts).toBe(2);
    const asked = Promise.withResolvers<void>();
    world.console.before = (_, i) => {
      if (i < 8) return undefined;
      asked.resolve();
      return new Promise(() => undefined);
    };
    void world.slice();
    await asked.promise;
    expect(world.stream()).toMatchObject({ attempts: 3, totals: { batches: 2 } });
    world.clock.advance(150_000);
    world.console.before = () => {
      throw throttled(1_000);
    };
    expect(await world.slice()).toMatchObject({ kind: 'failed' });
    expect(world.stream()).toMatchObject({ attempts: 0, status: { health: 'throttled' } });
  });
});

describe('state that cannot be worked on', () => {
  it('of a newer version is left alone, and the message goes back to the queue', async () => {
    const world = await engineWorld(start);
    const row = world.streams.rows.get('acme/edr/items');
    if (row === undefined) throw new Error('The stream is gone.');
    row.version = 7;
    const before = { ...row.stream };
    await expect(world.slice()).rejects.toThrow('newer version (7)');
    expect(row.stream).toStrictEqual(before);
    expect(world.console.calls).toStrictEqual([]);
  });

  it('that is malformed is set aside for an hour with what to do', async () => {
    const world = await engineWorld(start);
    const row = world.streams.rows.get('acme/edr/items');
    if (row === undefined) throw new Error('The stream is gone.');
    row.malformed = 'batch is not a number';
    await expect(world.slice()).rejects.toThrow('batch is not a number');
    expect(row.stream).toMatchObject({
      nextDueAt: world.clock.now() + 3_600_000,
      status: { health: 'internal', code: 'state_malformed', message: 'batch is not a number' },
    });
  });
});

describe('a console whose clock differs from ours', () => {
  it.each([
    ['the old', '2026-11-24T05:59:30Z', '2026-11-24T11:03:00Z'],
    ['the new', '2026-11-24T07:00:00Z', '2026-11-24T11:33:00Z'],
  ])('is not passed over where long empty hours are asked for at %s end', async (_, since, now) => {
    const lagMs = 4 * 60_000;
    const world = await engineWorld({ since, now });
    const openConsole = async () => {
      const clock = new ConsoleClock(world.clock);
      const api = listOnly(async (path, params, signal) => {
        world.clock.advance(300);
        const page = await world.console.list(path, params, signal);
        clock.observe(new Date(world.clock.now() - lagMs).toUTCString(), world.clock.now());
        return page;
      });
      return { hostUrl: 'https://acme.sentinelone.net', api, now: () => clock.now() };
    };
    await world.slice({ openConsole });
    world.clock.advance(30_000);
    // Shown at once, at the console's own present.
    const updatedAt = new Date(world.clock.now() - lagMs).toISOString();
    world.console.records = [{ id: 'x', updatedAt }];
    for (let i = 0; i < 3; i++) {
      world.clock.advance(300_000);
      await world.slice({ openConsole });
    }
    expect(world.idsInLake()).toStrictEqual(['x']);
  });

  it('once in one answer holds a stream back for ten minutes, and the stream says that it is behind', async () => {
    const world = await engineWorld({ since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' });
    const clock = new ConsoleClock(world.clock);
    clock.observe('Mon, 23 Nov 2026 10:00:00 GMT', world.clock.now());
    const openConsole = async () => ({ hostUrl: 'https://x', api: world.console, now: () => clock.now() });
    expect((await world.slice({ openConsole })).kind).toBe('done');
    expect(world.console.calls).toStrictEqual([]);
    expect(world.stream().status.health).toBe('behind');
    world.clock.advance(660_000);
    await world.slice({ openConsole });
    expect(world.stream().watermark).toBe(world.clock.now() - 60_000);
  });

  it('does not read one window again and again because another clock has split a backlog in the future', async () => {
    const world = await engineWorld({ since: '2026-11-24T07:00:00Z', now: '2026-11-24T10:30:00Z' });
    const future = Date.parse('2026-11-24T11:00:00Z');
    const change = { ahead: { from: future, to: future }, leaseUntil: 0 };
    await world.streams.acquire(world.stream(), change, {
      owner: 'fast',
      now: world.clock.now(),
      leaseMs: 1,
    });
    world.console.records = items(205, '2026-11-24T07:00:00Z', 60_000);
    world.console.before = () => void world.clock.advance(500);
    expect((await world.slice()).kind).toBe('done');
    expect(world.console.calls.length).toBeLessThan(40);
    expect(world.stream().watermark).toBe(Date.parse('2026-11-24T10:29:00Z'));
    world.clock.advance(3_600_000);
    expect((await world.slice()).kind).toBe('done');
    expect(world.idsInLake()).toHaveLength(205);
    expect(world.stream().watermark).toBeGreaterThan(Date.parse('2026-11-24T11:29:00Z'));
  });

  it('is not asked for what lies in its future', async () => {
    const world = await engineWorld({ since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' });
    // Ours is five minutes fast, which is known from the first answer on.
    let known = false;
    const now = () => world.clock.now() - (known ? 300_000 : 0);
    world.console.before = () => {
      known = true;
      return undefined;
    };
    world.console.records = items(4, '2026-11-24T10:24:01Z', 0, 'late');
    const openConsole = async () => ({ hostUrl: 'https://acme.sentinelone.net', api: world.console, now });
    expect((await world.slice({ openConsole })).kind).toBe('done');
    expect(world.stream().watermark).toBe(Date.parse('2026-11-24T10:24:00Z'));
    expect(world.idsInLake()).toStrictEqual([]);
  });
});

describe('what a review found', () => {
  const oneHour = { since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' };

  it('does not write records without a readable key again after a refused cursor', async () => {
    const world = await engineWorld({ ...oneHour, batchPages: 1 });
    const keyless = (id: string) => ({ id, updatedAt: `sometime-${id}` });
    let refusals = 0;
    world.console.before = (call) => {
      const cursor = call.params['cursor'];
      if (cursor === 'c1' && ++refusals <= 2) throw cursorRefused();
      return cursor === undefined
        ? { data: [keyless('a'), keyless('b')], nextCursor: 'c1' }
        : { data: [keyless('c')] };
    };
    expect((await world.slice()).kind).toBe('done');
    expect(sorted(world.idsInLake())).toStrictEqual(['a', 'b', 'c']);
  });

  it('keeps its place over empty pages that outlast a slice', async () => {
    const world = await engineWorld(oneHour);
    const pages = 12;
    world.console.before = (call) => {
      world.clock.advance(10_000);
      if (!call.params['updatedAt__gte']?.startsWith('2026-11-24T10:00')) return { data: [] };
      const at = Number(call.params['cursor']?.slice(1) ?? 0);
      return at < pages
        ? { data: [], nextCursor: `c${at + 1}` }
        : { data: [{ id: 'a', updatedAt: '2026-11-24T10:00:01Z' }] };
    };
    const outcomes: string[] = [];
    while (outcomes.length < 20 && outcomes.at(-1) !== 'done')
      outcomes.push((await world.slice({}, 25_000)).kind);
    expect(outcomes.at(-1)).toBe('done');
    expect(world.idsInLake()).toStrictEqual(['a']);
    expect(world.stream().totals.records).toBe(1);
  });

  it('keeps its place over more empty pages than it believes in one go', async () => {
    const world = await engineWorld(oneHour);
    world.console.before = (call) => {
      if (!call.params['updatedAt__gte']?.startsWith('2026-11-24T10:00')) return { data: [] };
      const at = Number(call.params['cursor']?.slice(1) ?? 0);
      return at < 250
        ? { data: [], nextCursor: `c${at + 1}` }
        : { data: [{ id: 'a', updatedAt: '2026-11-24T10:00:01Z' }] };
    };
    const outcomes = [await world.slice(), await world.slice(), await world.slice()];
    expect(outcomes).toMatchObject([
      { kind: 'failed', error: { code: 'endless_pages' } },
      { kind: 'failed', error: { code: 'endless_pages' } },
      { kind: 'done' },
    ]);
    expect(world.idsInLake()).toStrictEqual(['a']);
    // 251 pages of the first window, and one for what came after it.
    expect(world.console.calls.length).toBeLessThan(260);
  });

  it('does not take a broken lake for a deadline when the process is about to be stopped', async () => {
    const world = await engineWorld(oneHour);
    world.console.records = items(5, '2026-11-24T10:00:00Z', 1_000);
    const { runSlice } = await import('../../../shared/engine/slice.ts');
    const stopping = new AbortController();
    const lake: LakeLog = unlike(world.lake as LakeLog, {
      append: () => {
        stopping.abort();
        return Promise.reject(new Error('access denied'));
      },
    });
    const slice = runSlice(
      {
        message: { version: 1, stream: itemStream },
        receives: 1,
        owner: 'w',
        deadline: world.clock.now() + 100_000,
        signal: stopping.signal,
      },
      { ...world.dependencies, lake },
    );
    await expect(slice).rejects.toThrow('access denied');
    expect(world.stream().status.health).toBe('internal');
  });

  it('writes nothing of a page that holds records of another time', async () => {
    const world = await engineWorld(oneHour);
    world.console.before = () => ({ data: [{ id: 'a', updatedAt: '2026-11-24T07:00:00Z' }] });
    expect(await world.slice()).toMatchObject({ kind: 'failed', error: { code: 'outside_window' } });
    expect(world.idsInLake()).toStrictEqual([]);
  });

  it('takes any 400 on a cursor for a refused cursor', async () => {
    const world = await engineWorld(oneHour);
    world.console.records = items(25, '2026-11-24T10:00:00Z', 1_000);
    world.console.before = (call, i) => {
      if (i !== 1) return undefined;
      expect(call.params['cursor']).toBeDefined();
      throw new ConnectorError({
        code: 'request_refused',
        message: 'Invalid pagination token',
        health: 'misconfigured',
        retryable: false,
        recommendation: 'x',
        httpStatus: 400,
      });
    };
    expect((await world.slice()).kind).toBe('done');
    expect(world.idsInLake()).toHaveLength(25);
  });

  it('counts the passing of empty windows as progress', async () => {
    const world = await engineWorld({ since: '2026-11-20T00:00:00Z', now: '2026-11-24T10:30:00Z' });
    world.console.before = (_, i) => {
      if (i % 5 === 4) throw throttled();
      return undefined;
    };
    for (let i = 0; i < 4; i++) {
      await world.slice();
      expect(world.stream().status).toMatchObject({ health: 'throttled', failures: 1 });
    }
  });

  it('writes nothing on top of a write that may have taken effect', async () => {
    const world = await engineWorld(oneHour);
    world.console.records = items(5, '2026-11-24T10:00:00Z', 1_000);
    let writes = 0;
    const streams: StreamStore = unlike(world.streams as StreamStore, {
      update: async (held, change) => {
        writes += 1;
        await world.streams.update(held, change);
        throw new Error('no answer');
      },
    });
    await expect(world.slice({ streams })).rejects.toThrow('no answer');
    expect(writes).toBe(1);
    expect(world.logged.some((message) => message.includes('could not be noted'))).toBe(true);
  });

  it('notes that a later try could not be sent', async () => {
    const world = await engineWorld(oneHour);
    world.console.before = () => {
      throw throttled(5_000);
    };
    const queue = { send: () => Promise.reject(new Error('SQS is down')) };
    await expect(world.slice({ queue })).rejects.toThrow('SQS is down');
    expect(world.stream().status).toMatchObject({
      health: 'internal',
      message: expect.stringContaining('SQS is down'),
    });
    expect(world.stream().nextDueAt).toBe(world.stream().status.nextTryAt);
  });

  it('asks for smaller pages where a page is too large, and loses and doubles nothing', async () => {
    const world = await engineWorld({ ...oneHour, pageSize: 100 });
    world.console.records = items(60, '2026-11-24T10:00:00Z', 1_000);
    const tooLarge = new ConnectorError({
      code: 'response_too_large',
      message: 'Too large.',
      health: 'misconfigured',
      retryable: false,
      recommendation: 'x',
    });
    world.console.before = (call) => {
      if (Number(call.params['limit']) > 20) throw tooLarge;
      return undefined;
    };
    expect((await world.slice()).kind).toBe('done');
    expect(world.idsInLake()).toStrictEqual(items(60, '2026-11-24T10:00:00Z', 1_000).map(({ id }) => id));

    world.clock.advance(600_000);
    world.console.before = () => {
      throw tooLarge;
    };
    expect(await world.slice()).toMatchObject({ kind: 'failed', error: { code: 'response_too_large' } });
  });

  it('writes a record that is nested too deeply without that field', async () => {
    const world = await engineWorld(oneHour);
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    world.console.records = [{ id: 'a', updatedAt: '2026-11-24T10:00:01Z', deep, name: 'kept' }];
    expect((await world.slice()).kind).toBe('done');
    const [line] = [...world.lake.entries.values()].flatMap(({ lines }) => lines);
    expect(JSON.parse(line ?? '')).toMatchObject({
      id: 'a',
      name: 'kept',
      normalization_error: expect.stringContaining('nested too deeply'),
    });
  });

  it('refuses a cursor that does not fit into the metadata as what it is', async () => {
    const world = await engineWorld(oneHour);
    world.console.before = () => ({ data: [], nextCursor: 'ü'.repeat(400) });
    expect(await world.slice()).toMatchObject({ kind: 'failed', error: { code: 'cursor_too_long' } });
  });
});
