import { describe, expect, it } from 'vitest';
import { ids } from './action-console.ts';
import { actionWorld, connector, responding } from './action-support.ts';

const body = { connector, action: 'contain', targets: [{ agentId: ids.online }] };
const headers = { 'Idempotency-Key': 'run-7/step-2' };

describe('the idempotency key', () => {
  it('is wanted where no ticket makes one', async () => {
    const { as, console } = await actionWorld();
    const { json } = await as('POST', '/v1/actions', { body });
    expect(json).toMatchObject({ status: 400, code: 'idempotency_key_required', field: 'Idempotency-Key' });
    expect(console.deeds).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['with a space', 'a b'],
    ['with a line break', 'a\r\nX-Evil: 1'],
    ['with an umlaut', 'ü'],
    ['twice', ['a', 'a']],
  ])('is refused when it is %s, also with a ticket', async (_, key) => {
    const { act } = await actionWorld();
    const { json } = await act({ ticket: 'INC-1' }, { headers: { 'Idempotency-Key': key } });
    expect(json).toMatchObject({ status: 422, field: 'Idempotency-Key' });
  });

  it('makes the same request the same action: one command, and the answer as it is now', async () => {
    const { as, console, actions } = await actionWorld();
    const first = await as('POST', '/v1/actions', { body, headers });
    const second = await as('POST', '/v1/actions?wait=20', { body, headers });
    const third = await as('POST', '/v1/actions', { body, headers });
    expect([first.status, second.status, third.status]).toEqual([202, 200, 200]);
    expect(second.json['id']).toBe(first.json['id']);
    expect(third.json).toEqual(second.json);
    expect(first.json).not.toHaveProperty('repeated');
    expect(second.json['repeated']).toBe(true);
    expect([console.deeds.length, actions.stored.size]).toEqual([1, 1]);
  });

  it('knows the request whatever the order of its fields and whoever of the tenant makes it', async () => {
    const { as, call, admin, console } = await actionWorld();
    const first = await as('POST', '/v1/actions', { body, headers });
    const { targets, ...rest } = body;
    const other = await call('POST', '/v1/actions', { key: admin, body: { targets, ...rest }, headers });
    expect(other.json['id']).toBe(first.json['id']);
    expect(other.json['requestedBy']).toEqual(first.json['requestedBy']);
    expect(console.deeds).toHaveLength(1);
  });

  it('makes one action of many calls at once', async () => {
    const { as, console, actions } = await actionWorld();
    const calls = Array.from({ length: 5 }, () => as('POST', '/v1/actions', { body, headers }));
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(1);
    for (const { status } of answers) expect(status).toBe(202);
    expect([console.deeds.length, actions.stored.size]).toEqual([1, 1]);
  });

  it('of a ticket holds for ten minutes', async () => {
    const { as, clock, actions } = await actionWorld();
    const ask = async () =>
      (await as('POST', '/v1/actions', { body: { ...body, ticket: 'INC-1' } })).json['id'];
    const first = await ask();
    clock.advance(600_000);
    expect(await ask()).toBe(first);
    clock.advance(1);
    // Whoever asks at once meets in the next place too.
    const next = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(next).size).toBe(1);
    expect(next).not.toContain(first);
    clock.advance(600_001);
    expect([first, ...next]).not.toContain(await ask());
    expect(actions.stored.size).toBe(3);
  });

  it('makes one action of many calls at once under a ticket', async () => {
    const { as, console } = await actionWorld();
    const sent = { body: { ...body, ticket: 'INC-1' } };
    const answers = await Promise.all([as('POST', '/v1/actions', sent), as('POST', '/v1/actions', sent)]);
    expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(1);
    expect(console.deeds).toHaveLength(1);
  });

  it.each([
    ['action', { action: 'release' }],
    ['targets', { targets: [{ agentId: ids.other }] }],
    ['reason', { reason: 'another' }],
    ['expiry', { expiresInMinutes: 5 }],
    ['ticket', { ticket: 'INC-2' }],
  ])('is refused for a request with another %s, and nothing is done', async (_, change) => {
    const { as, console, actions } = await actionWorld();
    const first = await as('POST', '/v1/actions', { body, headers });
    const { json } = await as('POST', '/v1/actions', { body: { ...body, ...change }, headers });
    expect(json).toMatchObject({ status: 409, code: 'idempotency_key_reused', field: 'Idempotency-Key' });
    expect(json['detail']).toContain(first.json['id']);
    expect([console.deeds.length, actions.stored.size]).toEqual([1, 1]);
  });

  it('is one of its connector: the same key at another one is another action', async () => {
    const { as, call, admin } = await actionWorld();
    for (const [tenant, name] of [
      ['northwind', 'Second'],
      ['contoso', 'EMEA servers'],
    ])
      await call('POST', '/v1/connectors', { key: admin, body: { ...responding, tenant, name } });
    const made = [await as('POST', '/v1/actions', { body, headers })];
    for (const other of ['northwind.second', 'contoso.emea-servers'])
      made.push(
        await call('POST', '/v1/actions', { key: admin, body: { ...body, connector: other }, headers }),
      );
    expect(new Set(made.map(({ json }) => json['id'])).size).toBe(3);
    expect(made.map(({ status }) => status)).not.toContain(409);
  });

  it('is made by ticket, action, targets and parameters where there is none', async () => {
    const { as, actions } = await actionWorld();
    const ask = async (change: object) => {
      const { json } = await as('POST', '/v1/actions', { body: { ...body, ticket: 'INC-1', ...change } });
      return json['id'];
    };
    const first = await ask({});
    expect(await ask({})).toBe(first);
    const others = [
      await ask({ ticket: 'INC-2' }),
      await ask({ action: 'release' }),
      await ask({ targets: [{ agentId: ids.other }] }),
    ];
    for (const message of ['Hello', 'Good bye'])
      others.push(await ask({ action: 'broadcast-message', parameters: { message } }));
    expect(new Set([first, ...others]).size).toBe(6);
    expect(actions.stored.size).toBe(6);
  });

  it('that a ticket has made tells of the ticket, and not of a header that nobody sent', async () => {
    const { as } = await actionWorld();
    const sent = { ...body, ticket: 'INC-1', reason: 'first' };
    await as('POST', '/v1/actions', { body: sent });
    const { json } = await as('POST', '/v1/actions', { body: { ...sent, reason: 'second' } });
    expect(json).toMatchObject({ status: 409, code: 'idempotency_key_reused', field: 'ticket' });
    expect(json['recommendation']).toContain('Idempotency-Key');
  });
});
