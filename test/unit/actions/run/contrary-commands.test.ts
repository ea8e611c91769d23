import { describe, expect, it } from 'vitest';
import type { ActionPlace } from '../../../../shared/actions/run/action.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import { isObject } from '../../../../shared/json.ts';
import type { Fate } from '../../../support/memory/endpoints/commands.ts';
import { minuteMs, secondMs } from './fixtures.ts';
import { smallEngine } from './small-engine.ts';

type Engine = ReturnType<typeof smallEngine>;

const posts = ({ calls }: Engine) => calls.requests.map(({ path }) => path.replace('/agents/actions/', ''));
const logReads = ({ calls }: Engine) => calls.lists.filter((path) => path === '/activities').length;
const statusOf = ({ endpoints }: Engine) => endpoints.endpoints.get('1')?.networkStatus;

async function targetOf(engine: Engine, place: ActionPlace) {
  const [target] = (await engine.read(place)).targets;
  return target;
}

/** Goes on when it is due, to its end. */
async function toTheEnd(engine: Engine, place: ActionPlace): Promise<void> {
  const { nextDueAt = 0 } = await engine.read(place);
  engine.clock.time = Math.max(engine.clock.time, nextDueAt);
  await engine.run(place);
}

/** The records of the console say something else than is so, until a time. */
function lateRecords({ endpoints, clock }: Engine, networkStatus: string, until: number): void {
  const list = endpoints.list.bind(endpoints);
  endpoints.list = (path, params) => {
    const page = list(path, params);
    if (path !== '/agents' || clock.now() >= until) return page;
    return { ...page, data: page.data.map((one) => (isObject(one) ? { ...one, networkStatus } : one)) };
  };
}

function logForbidden({ hooks }: Engine): void {
  hooks.list = (path) => {
    if (path !== '/activities') return;
    throw new ConnectorError({
      ...{ code: 'test', message: 'No.', health: 'permission', retryable: false, recommendation: 'None.' },
      httpStatus: 403,
    });
  };
}

const slow: Fate = { beginMs: 30 * secondMs, workMs: 10 * secondMs, end: 'done' };

describe('an action that a contrary command is ahead of', () => {
  it.each([
    ['release', 'contain', 'connected'],
    ['contain', 'release', 'disconnected'],
  ] as const)(
    '%s is sent after a %s that the record does not show yet, and is done by its own end',
    async (type, first, wanted) => {
      const engine = smallEngine(1, { fateOf: () => slow });
      const endpoint = engine.endpoints.endpoints.get('1');
      if (endpoint !== undefined) endpoint.networkStatus = wanted;
      lateRecords(engine, wanted, engine.clock.now() + 30 * secondMs);
      await engine.step(await engine.made(['1'], { key: '1', type: first }));
      engine.clock.time += 5 * secondMs;

      const action = await engine.made(['1'], { key: '2', type });
      await engine.step(action);
      expect(await targetOf(engine, action)).toMatchObject({ state: 'accepted' });
      engine.clock.time += 3 * secondMs;
      await engine.step(action);
      expect(await targetOf(engine, action)).toMatchObject({ state: 'accepted' });
      await toTheEnd(engine, action);

      expect(await targetOf(engine, action)).toMatchObject({ state: 'done' });
      expect(posts(engine)).toHaveLength(2);
      expect(statusOf(engine)).toBe(wanted);
      engine.clock.time += minuteMs;
      engine.endpoints.settle();
      expect(statusOf(engine)).toBe(wanted);
    },
  );

  it('says that nobody can tell where the console then does nothing, going by the same record', async () => {
    const engine = smallEngine(1, { fateOf: () => slow });
    lateRecords(engine, 'connected', engine.clock.now() + 30 * secondMs);
    await engine.step(await engine.made(['1'], { key: '1' }));
    engine.clock.time += 5 * secondMs;
    const request = engine.endpoints.request.bind(engine.endpoints);
    engine.endpoints.request = (asked, by) =>
      asked.path.endsWith('/connect') ? { data: { affected: 0 } } : request(asked, by);

    const action = await engine.made(['1'], { key: '2', type: 'release' });
    await engine.run(action);

    expect(await targetOf(engine, action)).toMatchObject({
      ...{ state: 'unknown', reason: { code: 'record_in_doubt' } },
      evidence: [{ field: 'networkStatus', value: 'connected' }],
    });
  });

  it('is so already where nothing speaks against the record', async () => {
    const engine = smallEngine(1);
    await engine.run(await engine.made(['1'], { key: '1' }));
    const again = await engine.made(['1'], { key: '2' });
    expect(await targetOf(engine, again)).toMatchObject({ state: 'skipped', reason: { code: 'already_so' } });
    await engine.run(await engine.made(['1'], { key: '3', type: 'release' }));
    const released = await engine.made(['1'], { key: '4', type: 'release' });
    expect(await targetOf(engine, released)).toMatchObject({ state: 'skipped' });
    expect(posts(engine)).toStrictEqual(['disconnect', 'connect']);
  });

  it('goes by the record of an endpoint that is online where the log may not be read', async () => {
    const engine = smallEngine(1);
    logForbidden(engine);
    const action = await engine.made(['1'], { type: 'release' });
    expect(await targetOf(engine, action)).toMatchObject({
      state: 'skipped',
      reason: { code: 'already_so' },
    });
  });

  it('is asked about in one call more where it seems to be so already, and in none otherwise', async () => {
    const engine = smallEngine(1);
    const action = await engine.made(['1']);
    const requested = engine.calls.requests.length;
    expect(logReads(engine)).toBe(0);
    await engine.step(action);
    expect([requested, posts(engine), logReads(engine)]).toStrictEqual([0, ['disconnect'], 0]);
    await engine.made(['1'], { key: '2', type: 'release' });
    expect(logReads(engine)).toBe(0);
    await toTheEnd(engine, action);
    const before = logReads(engine);
    await engine.made(['1'], { key: '3' });
    expect(logReads(engine)).toBe(before + 1);
  });
});

describe('an endpoint that is offline', () => {
  it('is contained again behind a release that waits for it', async () => {
    const engine = smallEngine(1);
    await engine.run(await engine.made(['1'], { key: '1' }));
    engine.clock.time += minuteMs;
    engine.endpoints.setActive('1', false);
    await engine.step(await engine.made(['1'], { key: '2', type: 'release' }));
    engine.clock.time += minuteMs;

    const again = await engine.made(['1'], { key: '3' });
    await engine.run(again);

    expect(posts(engine)).toStrictEqual(['disconnect', 'connect', 'disconnect']);
    // This console goes by its record, as the vendor's may.
    expect(await targetOf(engine, again)).toMatchObject({
      ...{ state: 'unknown', reason: { code: 'offline_not_affected' } },
      evidence: [{ field: 'isActive', value: false }, { field: 'lastActiveDate' }],
    });
  });

  it('is not told to lack a permission where the console does nothing for it', async () => {
    const engine = smallEngine(1);
    engine.endpoints.setActive('1', false);
    await engine.step(await engine.made(['1'], { key: '1' }));
    const action = await engine.made(['1'], { key: '2', type: 'release' });
    await engine.run(action);
    const target = await targetOf(engine, action);
    expect(target).toMatchObject({ state: 'unknown', reason: { code: 'offline_not_affected' } });
    expect(target?.reason?.recommendation).toContain('when it is back');
  });
});
