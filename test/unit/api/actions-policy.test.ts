import { describe, expect, it } from 'vitest';
import { ids, threatId } from './action-console.ts';
import { actionWorld, outcomes } from './action-support.ts';

const fourEyes = { approvals: [{ name: 'Four eyes', dangers: ['isolating' as const] }] };

describe('the response policy', () => {
  it('says how many targets one action may have', async () => {
    const { act, policy, console } = await actionWorld();
    await policy({ mostTargets: 1 });
    const { json } = await act({ targets: [{ agentId: ids.online }, { agentId: ids.other }] });
    expect(json).toMatchObject({
      ...{ status: 422, field: 'targets' },
      detail: expect.stringContaining('more than 1'),
    });
    expect(console.deeds).toEqual([]);
    expect((await act()).status).toBe(202);
  });

  it('keeps what is on its safelist, by the name of the entry, and the rest goes on', async () => {
    const { act, policy, console } = await actionWorld();
    await policy({ safelist: [{ name: 'Domain controllers', computerNames: ['dc*'] }] });
    const answer = await act({ targets: [{ hostName: 'DC01' }, { agentId: ids.online }] });
    expect(outcomes(answer)).toEqual(['skipped safelisted', 'accepted']);
    expect(JSON.stringify(answer.json['targets'])).toContain('Domain controllers');
    expect(console.deeds.map((deed) => deed.ids)).toEqual([[ids.online]]);
  });

  it('stops a caller who has isolated too many, counts it for the alarm, and nobody else', async () => {
    const { act, policy, console, counted, call, admin, actions } = await actionWorld();
    await policy({ isolationsPerHour: 2 });
    expect((await act()).status).toBe(202);
    const targets = [ids.online, ids.other, ids.server].map((agentId) => ({ agentId }));
    const { status, json, headers } = await act({ targets });
    expect([status, json['code']]).toEqual([429, 'isolation_limit']);
    expect(Number(headers['Retry-After'])).toBeGreaterThan(0);
    expect(counted).toEqual(['IsolationLimitReached']);
    expect([console.deeds.length, actions.stored.size]).toEqual([1, 1]);
    const body = { connector: 'northwind.emea-servers', action: 'contain', targets: targets.slice(1) };
    const headersOfAdmin = { 'Idempotency-Key': 'k' };
    const other = await call('POST', '/v1/actions', { key: admin, body, headers: headersOfAdmin });
    expect(other.status).toBe(202);
    const broadcast = { action: 'broadcast-message', parameters: { message: 'Hello' }, targets };
    expect((await act(broadcast)).status).toBeLessThan(300);
    expect(counted).toHaveLength(1);
  });

  it('says of an action that would isolate more than ever fits that waiting does not help', async () => {
    const { act, policy, counted } = await actionWorld();
    await policy({ isolationsPerHour: 1 });
    const { status, json, headers } = await act({
      targets: [{ agentId: ids.online }, { agentId: ids.other }],
    });
    expect([status, headers['Retry-After'], counted.length]).toEqual([429, undefined, 1]);
    expect(json).toMatchObject({
      ...{ code: 'isolation_limit', detail: expect.stringContaining('more endpoints than the 1') },
      recommendation: expect.stringMatching(/^Ask for fewer/),
    });
  });

  it('counts isolations that are asked for by an undo as well', async () => {
    const { act, as, policy } = await actionWorld();
    await act({}, { query: '?wait=20' });
    const released = await act({ action: 'release' }, { query: '?wait=20' });
    expect(released.json['state']).toBe('done');
    await act({ targets: [{ agentId: ids.other }] }, { query: '?wait=20' });
    await policy({ isolationsPerHour: 1 });
    const { json } = await as('POST', `/v1/actions/${released.json['id']}/undo`, { body: {} });
    expect(json['code']).toBe('isolation_limit');
  });
});

describe('an action that needs an approval', () => {
  async function waiting() {
    const world = await actionWorld();
    await world.policy(fourEyes);
    const { json, status } = await world.act({}, { query: '?wait=20' });
    expect([status, json['state']]).toEqual([202, 'waiting_approval']);
    expect(world.console.deeds).toEqual([]);
    const other = await world.key(['respond'], ['northwind']);
    return { ...world, other, path: `/v1/actions/${json['id']}` };
  }

  it('is not approved by the key that has asked for it, also not as its own repetition', async () => {
    const { as, path, console } = await waiting();
    const { json } = await as('POST', `${path}/approve`);
    expect(json).toMatchObject({ status: 403, code: 'approval_by_requester' });
    expect(console.deeds).toEqual([]);
  });

  it('is not approved by whoever may only read', async () => {
    const { as, path, key, console } = await waiting();
    const reader = await key(['read'], ['northwind']);
    expect((await as('POST', `${path}/approve`, { key: reader })).status).toBe(403);
    expect(console.deeds).toEqual([]);
  });

  it('is sent when another key approves it', async () => {
    const { as, path, other, console } = await waiting();
    const { status, json } = await as('POST', `${path}/approve?wait=20`, { key: other });
    expect([status, json['state']]).toEqual([200, 'done']);
    expect(json['approval']).toMatchObject({
      ...{ why: expect.stringContaining('Four eyes'), approvedAt: '2026-11-26T09:30:00.000Z' },
      approvedBy: { actor: expect.stringMatching(/^key:/) },
    });
    expect(json['approval']).not.toMatchObject({ approvedBy: json['requestedBy'] });
    expect(console.deeds).toHaveLength(1);
  });

  it('is approved once: again by the same is the same, by the requester or a third it is too late', async () => {
    const { as, path, other, key, console } = await waiting();
    const first = await as('POST', `${path}/approve`, { key: other });
    const again = await as('POST', `${path}/approve`, { key: other });
    expect([again.status, again.json['approval']]).toEqual([200, first.json['approval']]);
    for (const late of [undefined, await key(['respond'])]) {
      const { json } = await as('POST', `${path}/approve`, late === undefined ? {} : { key: late });
      expect(json).toMatchObject({ status: 409, code: 'nothing_to_decide' });
    }
    expect(console.deeds).toHaveLength(1);
  });

  it('is not sent when it is approved too late', async () => {
    const { as, path, other, clock, console } = await waiting();
    clock.advance(61 * 60_000);
    const answer = await as('POST', `${path}/approve`, { key: other });
    expect([answer.status, outcomes(answer)[0]]).toEqual([200, 'expired not_sent_in_time']);
    expect(console.deeds).toEqual([]);
  });

  it('is not sent through a connector that no longer acts', async () => {
    const { as, path, other, call, admin, console } = await waiting();
    await call('PATCH', '/v1/connectors/northwind.emea-servers', {
      ...{ key: admin, body: { functions: ['collect'] } },
    });
    const { json } = await as('POST', `${path}/approve`, { key: other });
    expect(json).toMatchObject({ status: 409, code: 'respond_disabled' });
    expect((await as('GET', path)).json['state']).toBe('waiting_approval');
    expect(console.deeds).toEqual([]);
  });

  it('is cancelled by anybody who may respond, and can then not be approved', async () => {
    const { as, path, other, console } = await waiting();
    const cancelled = await as('POST', `${path}/cancel`);
    expect([cancelled.status, outcomes(cancelled)]).toEqual([200, ['skipped cancelled']]);
    const again = await as('POST', `${path}/cancel`, { key: other });
    expect([again.status, again.json]).toEqual([200, cancelled.json]);
    const { json } = await as('POST', `${path}/approve`, { key: other });
    expect(json).toMatchObject({ status: 409, code: 'nothing_to_decide' });
    expect(console.deeds).toEqual([]);
  });
});

it('what was sent cannot be cancelled; undo is the way back', async () => {
  const { act, as } = await actionWorld();
  const { json } = await act({}, { query: '?wait=20' });
  const refused = await as('POST', `/v1/actions/${json['id']}/cancel`);
  expect(refused.json).toMatchObject({ status: 409, code: 'nothing_to_decide' });
});

describe('an undo', () => {
  it('is the way back for exactly the targets that are done', async () => {
    const { act, as, console } = await actionWorld();
    await act({ targets: [{ agentId: ids.other }] }, { query: '?wait=20' });
    const targets = [ids.online, ids.other, ids.offline].map((agentId) => ({ agentId }));
    const made = await act({ targets }, { query: '?wait=20' });
    expect(outcomes(made)).toEqual(['done', 'skipped already_so', 'pending_offline']);
    console.deeds.length = 0;
    const path = `/v1/actions/${made.json['id']}`;
    const undo = await as('POST', `${path}/undo?wait=20`, { body: { reason: 'Mistake', ticket: 'INC-9' } });
    expect([undo.status, outcomes(undo)]).toEqual([200, ['done']]);
    expect(undo.json).toMatchObject({
      ...{ action: 'release', undoes: made.json['id'], reason: 'Mistake', ticket: 'INC-9' },
      targets: [{ agentId: ids.online, performs: 'release' }],
    });
    expect(undo.headers['Location']).toBe(`/v1/actions/${undo.json['id']}`);
    expect(console.deeds).toMatchObject([{ path: '/agents/actions/connect', ids: [ids.online] }]);
    expect((await as('GET', path)).json['undoneBy']).toEqual([undo.json['id']]);
  });

  it('that is asked for twice, or at once, is one; under a key of its own it is another', async () => {
    const { act, as, console } = await actionWorld();
    const made = await act({}, { query: '?wait=20' });
    const path = `/v1/actions/${made.json['id']}/undo`;
    const [first, second] = await Promise.all([
      as('POST', path, { body: {} }),
      as('POST', path, { body: { reason: 'another' } }),
    ]);
    const third = await as('POST', `${path}?wait=20`, { body: {} });
    expect(new Set([first, second, third].map(({ json }) => json['id'])).size).toBe(1);
    const other = await as('POST', path, { body: {}, headers: { 'Idempotency-Key': 'again' } });
    expect(other.json['id']).not.toBe(first.json['id']);
    expect(outcomes(other)).toEqual(['skipped already_so']);
    expect(console.deeds.map((deed) => deed.path)).toEqual([
      '/agents/actions/disconnect',
      '/agents/actions/connect',
    ]);
  });

  it('is refused where nothing was done, or nothing leads back', async () => {
    const { act, as } = await actionWorld();
    const nothing = [
      await act({ targets: [{ agentId: '999' }] }),
      await act({ targets: [{ agentId: ids.offline }] }, { query: '?wait=20' }),
      await act({ action: 'broadcast-message', parameters: { message: 'Hi' } }, { query: '?wait=20' }),
    ];
    expect(nothing.map(({ json }) => json['state'])).toEqual(['skipped', 'in_progress', 'done']);
    for (const { json } of nothing) {
      const undo = await as('POST', `/v1/actions/${json['id']}/undo`, { body: {} });
      expect(undo.json).toMatchObject({ status: 409, code: 'nothing_to_undo' });
    }
  });

  it('sets a field of the console to what it was before', async () => {
    const { act, as, console } = await actionWorld();
    const made = await act(
      { action: 'set-incident-status', parameters: { status: 'resolved' }, targets: [{ threatId }] },
      { query: '?wait=20' },
    );
    expect(made.json['state']).toBe('done');
    const undo = await as('POST', `/v1/actions/${made.json['id']}/undo?wait=20`, { body: {} });
    expect([undo.status, undo.json['state']]).toEqual([200, 'done']);
    expect(console.deeds.at(-1)).toMatchObject({
      ...{ path: '/threats/incident', ids: [threatId] },
      body: { data: { incidentStatus: 'unresolved' } },
    });
  });

  it('never isolates what the safelist protects, also not to take a release back', async () => {
    const { act, as, policy, console } = await actionWorld();
    await act({ targets: [{ agentId: ids.server }] }, { query: '?wait=20' });
    await policy({ safelist: [{ name: 'Domain controllers', computerNames: ['DC*'] }] });
    const released = await act(
      { action: 'release', targets: [{ agentId: ids.server }] },
      { query: '?wait=20' },
    );
    expect(outcomes(released)).toEqual(['done']);
    console.deeds.length = 0;
    const undo = await as('POST', `/v1/actions/${released.json['id']}/undo?wait=20`, { body: {} });
    expect(outcomes(undo)).toEqual(['skipped safelisted']);
    expect(console.deeds).toEqual([]);
  });
});
