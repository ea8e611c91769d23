import { describe, expect, it } from 'vitest';
import { isOver } from '../../../../shared/actions/run/action-state.ts';
import { advanceAction } from '../../../../shared/actions/run/advance.ts';
import { cancelAction } from '../../../../shared/actions/run/decide-action.ts';
import { traceMs } from '../../../../shared/actions/run/judge.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import type { Fate } from '../../../support/memory/endpoints/commands.ts';
import { anna, dayMs, hourMs, minuteMs, secondMs } from './fixtures.ts';
import { smallEngine } from './small-engine.ts';

function failure(code: string, httpStatus?: number, retryAfterMs?: number) {
  return new ConnectorError({
    ...{ code, message: `${code}.`, health: 'unavailable', retryable: true, recommendation: 'Wait.' },
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function once(run: () => void): () => void {
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    run();
  };
}

describe('advanceAction', () => {
  it('writes a command down before it is sent, sends one for all, and looks until it is seen to be done', async () => {
    const engine = smallEngine(3);
    const action = await engine.made(['1', '2', '3']);
    let announced: readonly string[] = [];
    engine.hooks.request = () => {
      announced = [...engine.actions.stored.values()].flatMap(({ targets }) =>
        targets.map(({ state }) => state),
      );
    };

    const times = await engine.run(action);

    expect(announced).toStrictEqual(['sent', 'sent', 'sent']);
    expect(engine.calls.requests.map(({ path, body }) => [path, body])).toStrictEqual([
      ['/agents/actions/disconnect', { filter: { ids: ['1', '2', '3'] }, data: {} }],
    ]);
    const done = await engine.read(action);
    expect(done.targets.map(({ state, evidence }) => [state, evidence[0]?.value])).toStrictEqual(
      Array.from({ length: 3 }, () => ['done', 'disconnected']),
    );
    expect(done.trail.map(({ kind, step }) => [step, kind])).toStrictEqual([
      [1, 'requested'],
      [2, 'sending'],
      [3, 'answered'],
      [4, 'observed'],
      [5, 'observed'],
    ]);
    expect(times.at(-1)).toBeLessThan(30 * secondMs);
    expect(engine.audit.records).toHaveLength(5);
    expect(engine.told).toStrictEqual([1, 2, 3, 4, 5]);
    expect(done).not.toHaveProperty('lease');
    expect(done).not.toHaveProperty('nextDueAt');
  });

  it('leaves an action alone that is missing, finished, not due, or somebody else has', async () => {
    const engine = smallEngine();
    expect(await engine.step({ tenant: 'acme', connector: 'edr', id: 'none' })).toStrictEqual({
      kind: 'missing',
    });
    const action = await engine.made(['1']);
    await engine.step(action);
    expect(await engine.step(action)).toStrictEqual({ kind: 'rested' });
    const stored = await engine.read(action);
    const until = engine.clock.now() + minuteMs;
    await engine.actions.replace({ ...stored, lease: { owner: 'other', until } });
    expect(await engine.step(action)).toStrictEqual({ kind: 'busy' });
    engine.clock.advance(hourMs);
    await engine.run(action);
    expect(await engine.step(action)).toStrictEqual({ kind: 'finished' });
    expect(engine.calls.requests).toHaveLength(1);
  });

  it('is done by one of any number that are asked at once', async () => {
    const engine = smallEngine();
    const action = await engine.made(['1', '2']);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => engine.step(action)));
    expect(outcomes.filter(({ kind }) => kind === 'waiting')).toHaveLength(1);
    expect(engine.endpoints.executions).toHaveLength(2);
  });

  it.each([
    ['timeout', undefined],
    ['unavailable', 503],
    ['response_cut', 200],
  ])('does not send again what the console has taken, whose answer was lost: %s', async (code, status) => {
    const engine = smallEngine(2, { activityLateMs: () => 2 * minuteMs });
    engine.endpoints.setActive('2', false);
    const action = await engine.made(['1', '2']);
    engine.hooks.answer = once(() => {
      throw failure(code, status);
    });
    for (let i = 0; i < 60; i++) {
      await engine.step(action);
      engine.clock.advance(10 * secondMs);
    }
    expect(engine.endpoints.executions).toHaveLength(2);
    expect((await engine.read(action)).targets.map(({ state }) => state)).toStrictEqual([
      'done',
      'pending_offline',
    ]);
  });

  it('sends again what never arrived, when nobody can be late any more', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1']);
    engine.hooks.request = once(() => {
      throw failure('connection_reset');
    });
    await engine.run(action);
    const [first, second] = (await engine.read(action)).trail.filter(({ kind }) => kind === 'sending');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(traceMs);
    expect((await engine.read(action)).targets).toMatchObject([{ state: 'done', attempts: 2 }]);
    expect(engine.endpoints.executions).toHaveLength(1);
  });

  it.each([
    [-5_000, false],
    [-600_000, true],
    [600_000, true],
  ])(
    'finds a trace whatever the clock of the console says: %d ms from ours, told: %s',
    async (skewMs, tellsTime) => {
      // Where it is not told it is so far behind that nobody notices; see `ConsoleClock`.
      const engine = smallEngine(1, { skewMs, tellsTime });
      engine.endpoints.setActive('1', false);
      const action = await engine.made(['1']);
      engine.hooks.answer = once(() => {
        throw failure('timeout');
      });
      for (let i = 0; i < 60; i++) {
        await engine.step(action);
        engine.clock.advance(10 * secondMs);
      }
      expect(engine.endpoints.executions).toHaveLength(1);
      expect((await engine.read(action)).targets).toMatchObject([{ state: 'pending_offline', attempts: 1 }]);
    },
  );

  it.each([0, 4_000, 600_000])(
    'is not told by what became of an earlier command, %d ms ahead of us',
    async (skewMs) => {
      const ends = ['failed', 'done'] as const;
      let commands = 0;
      const fateOf = () => ({
        beginMs: 0,
        workMs: 1_000 + 9_000 * commands,
        end: ends[commands++] ?? 'done',
      });
      // The log tells of the second command later than the look at it.
      const lateMs = [0, 0, minuteMs];
      const activityLateMs = () => lateMs.shift() ?? 0;
      const engine = smallEngine(1, { skewMs, fateOf, activityLateMs });
      const first = await engine.made(['1']);
      await engine.run(first);
      expect((await engine.read(first)).targets).toMatchObject([{ state: 'failed' }]);
      engine.clock.advance(3 * secondMs);
      const second = await engine.made(['1'], { key: 'again' });
      await engine.run(second);
      expect((await engine.read(second)).targets).toMatchObject([{ state: 'done' }]);
    },
  );

  it('does not take back what somebody else has decided meanwhile', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['9'], {
      type: 'set-incident-status',
      parameters: { status: 'in_progress' },
    });
    engine.hooks.answer = once(() => {
      const threat = engine.endpoints.threats.get('9');
      if (threat !== undefined) threat.incidentStatus = 'resolved';
      throw failure('timeout');
    });
    await engine.run(action);
    expect(engine.endpoints.threats.get('9')?.incidentStatus).toBe('resolved');
    expect((await engine.read(action)).targets).toMatchObject([
      { state: 'unknown', attempts: 1, reason: { code: 'no_trace' } },
    ]);
  });

  it('does not send again where the activity log cannot be read', async () => {
    const engine = smallEngine(1);
    engine.endpoints.setActive('1', false);
    const action = await engine.made(['1']);
    engine.hooks.answer = once(() => {
      throw failure('timeout');
    });
    engine.hooks.list = (path) => {
      if (path === '/activities') throw failure('permission', 403);
    };
    await engine.run(action);
    expect(engine.endpoints.executions).toHaveLength(1);
    expect((await engine.read(action)).targets).toMatchObject([
      { state: 'unknown', reason: { code: 'no_trace' } },
    ]);
  });

  it('sends nothing that expires while it is read', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1'], { expiresInMinutes: 1 });
    engine.clock.advance(minuteMs - 1);
    engine.hooks.list = () => engine.clock.advance(1);
    await engine.step(action);
    expect(engine.calls.requests).toStrictEqual([]);
    expect((await engine.read(action)).targets).toMatchObject([
      { state: 'expired', attempts: 0, reason: { code: 'not_sent_in_time' } },
    ]);
  });

  it('sends nothing that is cancelled while it is read, and the rest', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1']);
    const cancelled: Promise<unknown>[] = [];
    engine.hooks.list = once(() => {
      cancelled.push(cancelAction(action, anna, { actions: engine.actions, now: engine.clock.now() }));
    });
    await engine.step(action);
    await Promise.all(cancelled);
    expect(engine.calls.requests).toStrictEqual([]);
    expect((await engine.read(action)).targets).toMatchObject([
      { state: 'skipped', reason: { code: 'cancelled' } },
    ]);
  });

  it('does not count what the console would not look at, and does not fill the trail with it', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1']);
    engine.hooks.request = () => {
      throw failure('throttled', 429, 1_000);
    };
    const times = await engine.run(action);
    const { targets, trail } = await engine.read(action);
    expect(targets).toMatchObject([{ state: 'expired', attempts: 0, reason: { code: 'not_sent_in_time' } }]);
    expect(times.at(-1)).toBe(hourMs);
    // Each entry is an object in the lake, and a part of an item that must not get large.
    expect(trail.length).toBeLessThan(150);
  });

  it.each(['before sending', 'at a look'])(
    'believes no single page that leaves targets out, %s',
    async (when) => {
      const engine = smallEngine(2);
      const action = await engine.made(['1', '2']);
      if (when === 'at a look') await engine.step(action);
      engine.clock.time += 3 * secondMs;
      const list = engine.endpoints.list.bind(engine.endpoints);
      // A page with nothing in it and a count, then two that know of one endpoint only.
      const pages = [{ data: [], totalItems: 2 }, 'one', 'one'] as const;
      let asked = 0;
      engine.endpoints.list = (path, params) => {
        const page = path === '/agents' ? pages[asked++] : undefined;
        if (page === undefined) return list(path, params);
        return page === 'one' ? { data: list(path, params).data.slice(0, 1) } : page;
      };

      await engine.run(action);

      const { targets } = await engine.read(action);
      expect(targets.map(({ state }) => state)).toStrictEqual(['done', 'done']);
      expect(targets[1]).not.toHaveProperty('missedAt');
      expect(engine.endpoints.executions).toHaveLength(2);
    },
  );

  it('waits longer and longer for a console that is too slow to be asked everything', async () => {
    const engine = smallEngine(2);
    const action = await engine.made(['1', '2']);
    const slow = new AbortController();
    engine.hooks.list = () => {
      slow.abort();
      throw new DOMException('The operation was aborted.', 'AbortError');
    };
    const waits: number[] = [];
    for (let step = 0; step < 8; step++) {
      const outcome = await advanceAction(
        { place: action, owner: `slow ${step}`, deadline: engine.clock.now() + 40_000, signal: slow.signal },
        engine.advance,
      );
      if (outcome.kind !== 'waiting') throw new Error(outcome.kind);
      waits.push(outcome.nextDueAt - engine.clock.now());
      engine.clock.time = outcome.nextDueAt;
    }
    expect(waits.at(-1)).toBeGreaterThanOrEqual(minuteMs);
    expect(waits).toStrictEqual(waits.toSorted((a, b) => a - b));
    expect((await engine.read(action)).trouble).toMatchObject({ code: 'timeout' });
  });

  it('notes only the end of an endpoint that comes and goes for days', async () => {
    const fateOf = (): Fate => ({ beginMs: 0, workMs: 30 * dayMs, end: 'done' });
    const engine = smallEngine(1, { fateOf });
    const action = await engine.made(['1'], { type: 'initiate-scan' });
    let isOnline = true;
    engine.hooks.list = (path) => {
      if (path !== '/agents') return;
      isOnline = !isOnline;
      engine.endpoints.setActive('1', isOnline);
    };

    await engine.run(action, 10_000);

    const ended = await engine.read(action);
    expect(isOver(ended)).toBe(true);
    expect(ended.trail.length).toBeGreaterThan(100);
    expect(ended.trail.length).toBeLessThan(160);
    expect(engine.audit.records).toHaveLength(ended.trail.length);
  });

  it('ends in bounded time where the console never answers again', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1']);
    await engine.step(action);
    engine.clock.advance(2 * secondMs);
    engine.hooks.list = () => {
      throw failure('unavailable', 503);
    };
    const times = await engine.run(action, 5_000);
    expect(isOver(await engine.read(action))).toBe(true);
    expect(times.at(-1)).toBeLessThan(10 * dayMs);
  });

  it.each([1, 2, 3])(
    'ends, and does not fill the trail, where an endpoint comes and goes with every look: %d',
    async (every) => {
      const engine = smallEngine(1, { fateOf: () => ({ beginMs: 0, workMs: 0, end: 'never' }) });
      const action = await engine.made(['1']);
      let looks = 0;
      engine.hooks.list = (path) => {
        if (path === '/agents' && ++looks % every === 0)
          engine.endpoints.setActive('1', engine.endpoints.endpoints.get('1')?.isActive !== true);
      };
      const times = await engine.run(action, 5_000);
      const { targets, trail } = await engine.read(action);
      expect(targets).toMatchObject([
        { state: 'unknown', reason: { code: expect.stringMatching(/^(still_offline|not_seen_in_time)$/) } },
      ]);
      expect(trail.length).toBeLessThan(200);
      expect(times.at(-1)).toBeLessThanOrEqual(7 * dayMs + hourMs);
    },
  );

  it('costs as many calls for a hundred targets as for one, and writes no more', async () => {
    const cost = async (count: number) => {
      const engine = smallEngine(count, { policy: { isolationsPerHour: 100 } });
      const action = await engine.made(Array.from({ length: count }, (_, index) => String(index + 1)));
      engine.calls.lists.length = 0;
      const { version } = await engine.read(action);
      await engine.step(action);
      engine.clock.advance(2 * secondMs);
      await engine.step(action);
      const { version: after } = await engine.read(action);
      return {
        lists: engine.calls.lists.length,
        commands: engine.calls.requests.length,
        writes: after - version,
      };
    };
    expect(await cost(1)).toStrictEqual({ lists: 3, commands: 1, writes: 7 });
    expect(await cost(100)).toStrictEqual(await cost(1));
  });

  it('gives an action back whose message could not be sent: it stands in the due index', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1']);
    engine.queue.send = () => Promise.reject(new Error('The queue is down.'));
    expect((await engine.step(action)).kind).toBe('waiting');
    expect((await engine.read(action)).nextDueAt).toBeDefined();
  });

  it('throws where the audit trail cannot be kept, and is due again when the lease ends', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1']);
    engine.audit.failure = new Error('No lake.');
    await expect(engine.step(action)).rejects.toThrow('No lake.');
    expect((await engine.read(action)).nextDueAt).toBe(engine.clock.now() + 90 * secondMs);
    engine.audit.failure = undefined;
    engine.clock.advance(90 * secondMs);
    await engine.run(action);
    expect(engine.endpoints.executions).toHaveLength(1);
    expect(engine.audit.records).toHaveLength((await engine.read(action)).trail.length);
  });
});
