import { describe, expect, it } from 'vitest';
import { alertId, ids, threatId } from './action-console.ts';
import { actionWorld, connector, outcomes } from './action-support.ts';

describe('an action that is asked for', () => {
  it('is sent at once, and tells where to follow it', async () => {
    const { act, as, console } = await actionWorld();
    const { status, json, headers } = await act({ reason: ' Ransomware ', ticket: 'INC-1' });
    expect(status).toBe(202);
    expect(json).toMatchObject({
      ...{ connector, action: 'contain', state: 'in_progress', reason: 'Ransomware', ticket: 'INC-1' },
      console: 'https://euce1-northwind.sentinelone.net',
      requestedBy: { actor: expect.stringMatching(/^key:/), name: 'respond' },
      requestedAt: '2026-11-26T09:30:00.000Z',
    });
    expect(json['id']).toMatch(/^northwind\.emea-servers\.[0-9a-f]{32}$/);
    expect(headers).toMatchObject({
      Location: `/v1/actions/${json['id']}`,
      'Retry-After': expect.stringMatching(/^\d+$/),
    });
    expect(console.deeds).toMatchObject([{ path: '/agents/actions/disconnect', ids: [ids.online] }]);
    const found = await as('GET', String(headers['Location']));
    expect([found.status, found.json]).toEqual([200, json]);
  });

  it('is answered with 200 where everything is at its end', async () => {
    const { act } = await actionWorld();
    const { status, json, headers } = await act({}, { query: '?wait=20' });
    expect([status, json['state']]).toEqual([200, 'done']);
    expect(headers['Retry-After']).toBeUndefined();
    expect(headers['Location']).toBe(`/v1/actions/${json['id']}`);
    const again = await act();
    expect([again.status, again.json['state'], outcomes(again)]).toEqual([
      200,
      'done',
      ['skipped already_so'],
    ]);
  });

  it('names endpoints by threats, alerts and host names as well, each endpoint once', async () => {
    const { act, console } = await actionWorld();
    const { json } = await act({
      targets: [{ threatId }, { alertId }, { hostName: 'laptop-1' }, { agentId: '999' }],
    });
    expect(console.deeds.map((deed) => deed.ids)).toEqual([[ids.online, ids.other]]);
    expect(json['targets']).toMatchObject([
      { target: { threatId }, agentId: ids.online },
      { target: { alertId }, agentId: ids.other },
      { target: { agentId: '999' }, state: 'skipped', reason: { code: 'not_found' } },
    ]);
  });

  it('takes the record of a detection, and keeps nothing of it but its ids', async () => {
    const { act, actions, audit } = await actionWorld();
    const record = {
      ...{ record_uid: 'uid-1', tenantid: 'northwind', connector: { id: 'emea-servers' } },
      ...{ agentRealtimeInfo: { agentId: ids.online }, secretOfTheRecord: 'not-to-be-kept' },
    };
    const { json } = await act({ targets: [{ record }] });
    expect(json['targets']).toMatchObject([
      { target: { record: { record_uid: 'uid-1', agentId: ids.online } }, agentId: ids.online },
    ]);
    expect(JSON.stringify([[...actions.stored.values()], audit.records, json])).not.toContain('not-to-be');
    expect(audit.records[0]?.request).toMatchObject({ targets: [{ record: { record_uid: 'uid-1' } }] });
  });

  it.each([{ apiToken: 'not-to-be-kept' }, `not-to-be-kept${'-'.repeat(60)}`, ['not-to-be-kept']])(
    'keeps no more of a record than an id, whatever stands in its place: %j',
    async (uid) => {
      const { act, actions, audit } = await actionWorld();
      const record = { record_uid: uid, agentRealtimeInfo: { agentId: ids.online } };
      expect((await act({ targets: [{ record }, { record: { record_uid: uid } }] })).status).toBe(202);
      expect(JSON.stringify([[...actions.stored.values()], audit.records])).not.toContain('not-to-be');
    },
  );

  it("refuses a record of another tenant, and of another connector's console, by its target alone", async () => {
    const { act, console } = await actionWorld();
    const record = (owner: object) => ({ record: { agentRealtimeInfo: { agentId: ids.online }, ...owner } });
    const answer = await act({
      targets: [record({ tenantid: 'contoso' }), record({ connector: { id: 'other' } })],
    });
    expect(answer.status).toBe(200);
    expect(outcomes(answer)).toEqual([
      'skipped record_of_other_connector',
      'skipped record_of_other_connector',
    ]);
    expect(console.deeds).toEqual([]);
  });

  it('works through a connector that is paused: it collects nothing and still acts', async () => {
    const { act, call, admin } = await actionWorld();
    await call('POST', `/v1/connectors/${connector}/pause`, { key: admin });
    expect((await act()).status).toBe(202);
  });
});

describe('what is wrong with a request is told by its field', () => {
  const digits = 'must be an id of the console: 1 to 24 digits, as a text.';
  it.each([
    ['connector', { connector: undefined }, 'must be a text.'],
    ['connector', { connector: '' }, 'must hold at least 1 characters.'],
    ['connector', { connector: 'x'.repeat(131) }, 'must hold at most 130 characters.'],
    ['action', { action: 7 }, 'must be a text.'],
    ['action', { action: 'uninstall' }, 'is no action: "uninstall".'],
    ['action', { action: '__proto__' }, 'is no action: "__proto__".'],
    ['targets', { targets: undefined }, 'must be a list.'],
    ['targets', { targets: [] }, 'must hold at least 1 entries.'],
    ['targets', { targets: Array(101).fill({ agentId: '1' }) }, 'must hold at most 100 entries.'],
    ['targets[1].agentId', { targets: [{ agentId: '1' }, { agentId: '*' }] }, digits],
    ['targets[0].agentId', { targets: [{ agentId: 1 }] }, 'must be a text.'],
    ['targets[0]', { targets: [{}] }, 'must name its target in exactly one way'],
    ['targets[0]', { targets: [{ agentId: '1', hostName: 'A' }] }, 'must name its target in exactly one way'],
    ['targets[0].all', { targets: [{ all: true }] }, 'is not known here.'],
    ['targets[0].hostName', { targets: [{ hostName: ' A' }] }, 'must be the whole name of the endpoint'],
    ['targets[0].agentId', { action: 'kill', targets: [{ agentId: '1' }] }, 'which is a threat.'],
    ['targets[0].threatId', { action: 'set-alert-status', targets: [{ threatId: '1' }] }, 'an alert.'],
    ['parameters', { parameters: [] }, 'must be an object.'],
    ['parameters.force', { parameters: { force: true } }, 'is not known here.'],
    ['parameters.message', { action: 'broadcast-message' }, 'must be a text.'],
    ['parameters.message', { action: 'broadcast-message', parameters: { message: 'x'.repeat(141) } }, '140'],
    ['reason', { reason: ' ' }, 'must hold at least 1 characters.'],
    ['reason', { reason: 'x'.repeat(501) }, 'must hold at most 500 characters.'],
    ['ticket', { ticket: 'x'.repeat(101) }, 'must hold at most 100 characters.'],
    ['dryRun', { dryRun: 'no' }, 'must be true or false.'],
    ['expiresInMinutes', { expiresInMinutes: 0 }, 'must be at least 1.'],
    ['expiresInMinutes', { expiresInMinutes: 1_441 }, 'must be at most 1440.'],
    ['filter', { filter: {} }, 'is not known here.'],
  ])('%s of %j', async (field, change, message) => {
    const { act, console, actions } = await actionWorld();
    const { status, json } = await act(change);
    expect([status, json['code']]).toEqual([422, 'invalid_request']);
    expect(json['fields']).toContainEqual(
      expect.objectContaining({ field, message: expect.stringContaining(message) }),
    );
    expect([console.deeds, actions.stored.size]).toEqual([[], 0]);
  });

  it.each(['21', '-1', '1.5', 'x', '', '1e1'])('wait of %j', async (wait) => {
    const { act, as } = await actionWorld();
    const made = await act({}, { query: `?wait=${wait}` });
    expect(made.json).toMatchObject({ status: 422, field: 'wait' });
    const { json } = await act();
    expect((await as('GET', `/v1/actions/${json['id']}?wait=${wait}`)).status).toBe(422);
  });
});

describe('a connector', () => {
  it('that only collects does nothing', async () => {
    const { act, call, admin, console } = await actionWorld();
    await call('PATCH', `/v1/connectors/${connector}`, { key: admin, body: { functions: ['collect'] } });
    const { json } = await act();
    expect(json).toMatchObject({ status: 409, code: 'respond_disabled', field: 'connector' });
    expect(console.deeds).toEqual([]);
  });

  it.each(['northwind.nothing', 'northwind', 'northwind.a.b', '../x', 'NORTHWIND.EMEA-SERVERS'])(
    'that there is not, %s, is not found',
    async (name) => {
      const { act } = await actionWorld();
      expect((await act({ connector: name })).json).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  it('that is deleted is not found; what was done by it can still be read', async () => {
    const { act, as, call, admin } = await actionWorld();
    const { json } = await act({}, { query: '?wait=20' });
    await call('DELETE', `/v1/connectors/${connector}`, { key: admin });
    expect((await act()).json).toMatchObject({ status: 404, code: 'not_found' });
    const path = `/v1/actions/${json['id']}`;
    expect((await as('GET', path)).json).toMatchObject({ id: json['id'], state: 'done' });
    expect((await as('POST', `${path}/undo`, { body: {} })).status).toBe(404);
  });
});

describe('a dry run', () => {
  it('needs no key, shows what would be done to whom, and writes and sends nothing', async () => {
    const { act, actions, console, services, counted, policy } = await actionWorld();
    await policy({
      isolationsPerHour: 1,
      safelist: [{ name: 'Domain controllers', computerNames: ['DC*'] }],
      approvals: [{ name: 'Four eyes', actions: ['contain'] }],
    });
    const targets = [ids.online, ids.other, ids.server].map((agentId) => ({ agentId }));
    const answer = await act({ targets, dryRun: true, reason: 'Try' }, { headers: {} });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ dryRun: true, state: 'waiting_approval', reason: 'Try' });
    expect(answer.json['approval']).toMatchObject({ why: expect.stringContaining('Four eyes') });
    expect(answer.json).not.toHaveProperty('id');
    expect(outcomes(answer)).toEqual(['waiting_approval', 'waiting_approval', 'skipped safelisted']);
    expect([console.deeds, actions.stored.size, counted]).toEqual([[], 0, []]);
    const room = { tenant: 'northwind', caller: 'c', now: 0, most: 1 };
    expect(await services.isolations.reserve({ ...room, agentIds: ['1'] })).toEqual({ kind: 'reserved' });
  });

  it('takes nothing away from the key that it was made with', async () => {
    const { act } = await actionWorld();
    const headers = { 'Idempotency-Key': 'k' };
    await act({ dryRun: true }, { headers });
    expect((await act({}, { headers })).status).toBe(202);
  });
});
