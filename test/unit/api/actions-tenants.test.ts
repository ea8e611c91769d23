import { describe, expect, it } from 'vitest';
import { ids } from './action-console.ts';
import { actionWorld, connector } from './action-support.ts';

const range = 'from=2026-11-01T00:00:00Z&to=2026-11-27T00:00:00Z';
const undo = { body: {} };
const body = { connector, action: 'contain', targets: [{ agentId: ids.online }] };
const headers = { 'Idempotency-Key': 'k' };

describe.each(['admin', 'respond', 'read'] as const)(
  'somebody of another tenant, with the right %s',
  (right) => {
    it.each([
      ['GET', '/v1/actions/{id}', {}],
      ['GET', '/v1/actions/{id}?wait=20', {}],
      ['GET', '/v1/actions/{id}/trail', {}],
      ['POST', '/v1/actions/{id}/undo', undo],
      ['POST', '/v1/actions/{id}/approve', {}],
      ['POST', '/v1/actions/{id}/cancel', {}],
      ['POST', '/v1/actions', { body, headers }],
      ['POST', '/v1/actions', { body: { ...body, dryRun: true } }],
      ['POST', '/v1/actions', { body: { ...body, ticket: 'INC-1' } }],
      ['GET', '/v1/actions?tenant=northwind', {}],
      ['GET', `/v1/actions?connector=${connector}`, {}],
      ['GET', `/v1/actions?tenant=contoso&connector=${connector}`, {}],
      ['GET', `/v1/actions/export?${range}&tenant=northwind`, {}],
      ['GET', `/v1/actions/export?${range}&connector=${connector}`, {}],
    ])('finds nothing by %s %s, changes nothing and leaves no trace', async (method, path, sent) => {
      const world = await actionWorld();
      await world.policy({ approvals: [{ name: 'Four eyes' }] });
      const waiting = await world.act({ targets: [{ agentId: ids.other }] });
      const stored = JSON.stringify([...world.actions.stored]);
      world.audit.records.length = 0;
      const stranger = await world.key([right], ['contoso']);
      const answer = await world.call(method, path.replace('{id}', String(waiting.json['id'])), {
        ...{ key: stranger, ...sent },
      });
      const isLet = right !== 'read' || method === 'GET';
      expect([answer.status, answer.json['code']]).toEqual(
        isLet ? [404, 'not_found'] : [403, 'right_missing'],
      );
      expect(answer.body).not.toMatch(/LAPTOP|INC-|laptop/);
      expect([JSON.stringify([...world.actions.stored]), world.console.deeds]).toEqual([stored, []]);
      expect(world.audit.records).toEqual([]);
    });

    it('is told the same of an action that is there as of one that is not', async () => {
      const world = await actionWorld();
      const { json } = await world.act();
      const stranger = await world.key([right], ['contoso']);
      const bodies = [];
      for (const id of [String(json['id']), `${connector}.${'0'.repeat(32)}`, 'nobody.nothing.0', 'x'])
        bodies.push((await world.call('GET', `/v1/actions/${id}`, { key: stranger })).json);
      for (const told of bodies) expect({ ...told, instance: '' }).toEqual({ ...bodies[0], instance: '' });
    });

    it('sees nothing of it in its own lists', async () => {
      const world = await actionWorld();
      await world.act();
      const stranger = await world.key([right], ['contoso']);
      const { status, json } = await world.call('GET', '/v1/actions', { key: stranger });
      expect([status, json]).toEqual([200, { actions: [] }]);
      const file = await world.call('GET', `/v1/actions/export?${range}`, { key: stranger });
      expect([file.status, file.body?.trimEnd().split('\r\n').length]).toEqual([200, 1]);
    });

    it('gets nowhere with a cursor of a list that it may not see', async () => {
      const world = await actionWorld();
      await world.act();
      await world.act();
      const { json } = await world.as('GET', '/v1/actions?limit=1');
      const stranger = await world.key([right], ['contoso']);
      const cursor = `cursor=${String(json['nextCursor'])}`;
      const list = await world.call('GET', `/v1/actions?${cursor}`, { key: stranger });
      expect(list.json).toEqual({ actions: [] });
      const file = await world.call('GET', `/v1/actions/export?${range}&${cursor}`, { key: stranger });
      expect(file.body?.trimEnd().split('\r\n')).toHaveLength(1);
    });
  },
);

it('an id that leads through another tenant leads nowhere', async () => {
  const world = await actionWorld();
  const { json } = await world.act();
  const [tenant, name, id] = String(json['id']).split('.');
  const stranger = await world.key(['admin'], ['contoso']);
  for (const made of [
    `contoso.${tenant}.${name}.${id}`,
    `contoso.${name}.${id}`,
    `contoso/../${tenant}.${name}.${id}`,
    `${tenant}.${name}.${id}.contoso`,
    `.${tenant}.${name}.${id}`,
    `${tenant}#.${name}.${id}`,
    `${tenant?.toUpperCase()}.${name}.${id}`,
  ]) {
    const path = `/v1/actions/${encodeURIComponent(made)}`;
    expect((await world.call('GET', path, { key: stranger })).status, made).toBe(404);
    expect((await world.call('POST', `${path}/cancel`, { key: stranger })).status, made).toBe(404);
  }
  expect(
    world.audit.records.filter(({ actorName }) => actorName === 'admin').map((one) => one.tenant),
  ).not.toContain('northwind');
});
