import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import { ids } from './action-console.ts';
import { actionWorld, outcomes } from './action-support.ts';

afterEach(() => vi.restoreAllMocks());

const answeredAt = ({ clock }: { clock: { now(): number } }) =>
  (clock.now() - Date.parse('2026-11-26T09:30:00Z')) / 1000;

describe('a call that waits', () => {
  it('answers as soon as everything is done', async () => {
    const world = await actionWorld();
    world.console.looksUntilDone = 2;
    const { status, json } = await world.act({}, { query: '?wait=20' });
    expect([status, json['state']]).toEqual([200, 'done']);
    expect(answeredAt(world)).toBeGreaterThan(0);
    expect(answeredAt(world)).toBeLessThan(20);
  });

  it('answers when its time is over with what is known by then', async () => {
    const world = await actionWorld();
    world.console.looksUntilDone = 1_000;
    const { status, json } = await world.act({}, { query: '?wait=7' });
    expect([status, json['state']]).toEqual([202, 'in_progress']);
    expect(answeredAt(world)).toBeGreaterThan(4);
    expect(answeredAt(world)).toBeLessThanOrEqual(7);
  });

  it('does not wait for an endpoint that is offline', async () => {
    const world = await actionWorld();
    const answer = await world.act({ targets: [{ agentId: ids.offline }] }, { query: '?wait=20' });
    expect([answer.status, outcomes(answer)]).toEqual([202, ['pending_offline']]);
    expect(answeredAt(world)).toBeLessThan(5);
  });

  it('does not wait for an approval', async () => {
    const world = await actionWorld();
    await world.policy({ approvals: [{ name: 'Four eyes' }] });
    const answer = await world.act({}, { query: '?wait=20' });
    expect([answer.status, outcomes(answer)]).toEqual([202, ['waiting_approval']]);
    expect([answeredAt(world), world.console.deeds]).toEqual([0, []]);
  });

  it('may be one that reads an action', async () => {
    const world = await actionWorld();
    const reader = await world.key(['read'], ['northwind']);
    world.console.looksUntilDone = 1;
    const { json } = await world.act();
    const path = `/v1/actions/${json['id']}`;
    expect((await world.as('GET', path, { key: reader })).json['state']).toBe('in_progress');
    expect((await world.as('GET', `${path}?wait=15`, { key: reader })).json['state']).toBe('done');
    expect(answeredAt(world)).toBeLessThan(15);
  });

  it('without `wait` sends, and does not sleep', async () => {
    const world = await actionWorld();
    const { status } = await world.act();
    expect([status, world.console.deeds.length, answeredAt(world)]).toEqual([202, 1, 0]);
  });

  it('has what was asked for, whatever happens to the step in which its caller waits', async () => {
    const world = await actionWorld();
    vi.spyOn(world.services, 'advanceAction').mockRejectedValue(new Error('the table is away'));
    const answer = await world.act();
    expect([answer.status, outcomes(answer)]).toEqual([202, ['requested']]);
    expect(world.logged.join()).toContain('the table is away');
  });
});

describe('the 29 seconds that the gateway waits', () => {
  it('are not used up by finding targets: then nothing is written, and the caller is told to ask again', async () => {
    const world = await actionWorld();
    const timeouts = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    world.console.before = (signal) => signal?.throwIfAborted();
    for (const body of [{}, { dryRun: true }]) {
      const { status, json } = await world.act(body);
      expect([status, json['code']]).toEqual([502, 'timeout']);
      expect(json['recommendation']).toContain('idempotency key');
    }
    expect(timeouts.mock.calls.flat().every((ms) => ms <= 20_000)).toBe(true);
    expect([world.actions.stored.size, world.console.deeds, world.logged]).toEqual([0, [], []]);
    expect(world.audit.records.map(({ step, code }) => [step, code])).toContainEqual(['failed', 'timeout']);
  });

  it('have less left for sending, the longer finding the targets has taken', async () => {
    const world = await actionWorld();
    const timeouts = vi.spyOn(AbortSignal, 'timeout');
    world.console.before = () => world.clock.advance(15_000);
    const answer = await world.act();
    expect(answer.status).toBe(202);
    const [planning = 0, sending = 0] = timeouts.mock.calls.flat();
    expect(15_000 + sending).toBeLessThan(29_000);
    expect(planning).toBeLessThan(29_000);
    // Whoever sends now could not hear the answer; the function `outcomes` sends.
    expect([outcomes(answer), world.console.deeds]).toEqual([['requested'], []]);
  });

  it.each([
    ['away', 503, 503],
    ['throttled', 429, 503],
    ['broken', 500, 502],
    ['of no token', 401, 502],
  ])('a console that is %s ends the call, and nothing is written', async (code, httpStatus, status) => {
    const world = await actionWorld();
    world.console.before = () => {
      throw new ConnectorError({
        ...{ code: 'of_console', message: `It is ${code}.`, health: 'unavailable', retryable: true },
        ...{ recommendation: 'Wait.', httpStatus, retryAfterMs: 7_000 },
      });
    };
    const { json, headers } = await world.act();
    expect(json).toMatchObject({ status, code: 'of_console', upstreamStatus: httpStatus });
    expect(headers['Retry-After']).toBe('7');
    expect([world.actions.stored.size, world.console.deeds]).toEqual([0, []]);
  });
});
