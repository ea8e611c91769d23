import { describe, expect, it } from 'vitest';
import type { TestAnswer } from '../../support/api-world.ts';
import { MemoryActions } from '../../support/memory/memory-actions.ts';
import { ids } from './action-console.ts';
import { actionWorld, connector, responding } from './action-support.ts';

/** Five actions of two connectors, a minute apart; the newest last. */
async function listWorld() {
  const world = await actionWorld();
  const second = { ...responding, name: 'Second' };
  await world.call('POST', '/v1/connectors', { key: world.admin, body: second });
  const targets = (...named: string[]) => ({ targets: named.map((agentId) => ({ agentId })) });
  const message = { action: 'broadcast-message', parameters: { message: 'Hi' } };
  const made: string[] = [];
  for (const change of [
    { ticket: 'INC-1' },
    { ...targets(ids.other, ids.online), ticket: 'INC-2' },
    { ...message, ...targets(ids.offline) },
    { ...targets(ids.server), connector: 'northwind.second' },
    { ...targets('999'), ticket: 'INC-1' },
  ]) {
    world.clock.advance(60_000);
    const { json, status } = await world.act(change, { query: '?wait=20' });
    expect(status).toBeLessThan(300);
    made.push(String(json['id']));
  }
  world.audit.records.length = 0;
  return { ...world, made };
}

const idsOf = ({ json }: TestAnswer): readonly string[] =>
  Object(json['actions']).map(({ id }: { id: string }) => id);

/** The ids of all pages; each as large as it may be at most. */
async function readAll({ as }: Pick<Awaited<ReturnType<typeof listWorld>>, 'as'>, query: string) {
  const found: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 30; pages++) {
    const answer = await as('GET', `/v1/actions?${query}${cursor}`);
    expect(answer.status, answer.body).toBe(200);
    expect(idsOf(answer).length).toBeLessThanOrEqual(Number(/limit=(\d+)/.exec(query)?.[1] ?? 20));
    found.push(...idsOf(answer));
    const { nextCursor } = answer.json;
    if (nextCursor === undefined) return found;
    cursor = `&cursor=${String(nextCursor)}`;
  }
  throw new Error('The list has no end.');
}

describe('the list of actions', () => {
  it('has every action once, newest first, in pages of any size', async () => {
    const world = await listWorld();
    for (const limit of [1, 2, 3, 5, 50])
      expect(await readAll(world, `limit=${limit}`)).toEqual(world.made.toReversed());
    expect(await readAll(world, '')).toEqual(world.made.toReversed());
  });

  it.each([
    ['connector=northwind.second', [3]],
    ['connector=northwind.emea-servers', [4, 2, 1, 0]],
    ['connector=northwind.nothing', []],
    ['action=contain', [4, 3, 1, 0]],
    ['action=nothing', []],
    ['state=skipped', [4]],
    ['state=done', [3, 2, 1, 0]],
    ['state=failed', []],
    ['ticket=INC-1', [4, 0]],
    [`agentId=${ids.online}`, [1, 0]],
    ['agentId=1', []],
    ['ticket=INC-1&state=done', [0]],
    ['from=2026-11-26T09:32:00Z', [4, 3, 2, 1]],
    ['to=2026-11-26T09:32:00Z', [0]],
    ['from=2026-11-26T10:30:00%2B01:00&to=2026-11-26T10:32:00%2B01:00', [0]],
    ['from=2027-01-01T00:00:00Z&to=2028-01-01T00:00:00Z', []],
    ['from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59-12:00', [4, 3, 2, 1, 0]],
  ])('by %s, to the end', async (filter, expected) => {
    const world = await listWorld();
    for (const limit of [1, 50])
      expect((await readAll(world, `limit=${limit}&${filter}`)).map((id) => world.made.indexOf(id))).toEqual(
        expected,
      );
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=51'],
    ['limit', 'limit=x'],
    ['state', 'state=gone'],
    ['agentId', 'agentId=x'],
    ['from', 'from=yesterday'],
    ['to', 'to=2026-02-30'],
    ['from', 'from=2026-11-27T00:00:00Z&to=2026-11-26T00:00:00Z'],
    ['from', 'from=2026-11-26T00:00:00Z&to=2026-11-26T00:00:00Z'],
    ['from', 'from=2027-01-01T00:00:00Z'],
    ['cursor', 'cursor=x'],
    ['ticket', 'ticket='],
    ['ticket', 'ticket=a&ticket=b'],
    ['nothing', 'nothing=1'],
  ])('refuses %s of %s', async (field, query) => {
    const { as } = await listWorld();
    expect((await as('GET', `/v1/actions?${query}`)).json).toMatchObject({ status: 422, field });
  });

  it.each([
    { requestedAt: 'x', connector: 'edr', id: 'a'.repeat(32) },
    { requestedAt: '2026-11-26T09:30:00Z', connector: 'a#b', id: 'a'.repeat(32) },
    { requestedAt: '2026-11-26T09:30:00Z', connector: '\ud800', id: 'a'.repeat(32) },
    { requestedAt: '2026-11-26T09:30:00Z', connector: 'edr', id: '' },
    { requestedAt: '2026-11-26T09:30:00Z', connector: 7, id: 'a'.repeat(32) },
    { tenant: 'contoso', id: 'edr' },
  ])('refuses a cursor that somebody has made up: %j', async (place) => {
    const { as } = await listWorld();
    const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
    for (const path of ['', '/export'])
      expect(
        (
          await as(
            'GET',
            `/v1/actions${path}?from=2026-11-01T00:00:00Z&to=2026-11-27T00:00:00Z&cursor=${cursor}`,
          )
        ).json,
      ).toMatchObject({ status: 422, field: 'cursor' });
  });

  it('ends a page before it is more than an answer can hold, and leaves nothing out', async () => {
    const world = await actionWorld();
    await world.act({}, { query: '?wait=20' });
    const [small] = world.actions.stored.values();
    if (small === undefined) throw new Error('There is no action.');
    // Texts of which each character is four in the answer of the function.
    const computerName = '"'.repeat(3_000);
    const [target] = small.targets;
    if (target === undefined) throw new Error('It has no target.');
    const targets = Array.from({ length: 100 }, () => ({ ...target, computerName }));
    for (let i = 0; i < 12; i++)
      await world.actions.create({ ...small, id: `${i}`.padStart(32, '0'), targets });
    let read = 0;
    let cursor = '';
    do {
      const { json, body = '' } = await world.as('GET', `/v1/actions?limit=50${cursor}`);
      expect(JSON.stringify(body).length).toBeLessThan(6 * 1024 * 1024);
      expect(Object(json['actions']).length).toBeGreaterThan(0);
      read += Object(json['actions']).length;
      cursor = json['nextCursor'] === undefined ? '' : `&cursor=${String(json['nextCursor'])}`;
    } while (cursor !== '');
    expect(read).toBe(13);
  });
});

describe('whose actions', () => {
  it('must be said by callers of several tenants', async () => {
    const { as, key } = await listWorld();
    for (const tenants of ['all', ['northwind', 'contoso']] as const) {
      const several = await key(['read'], tenants);
      const { json } = await as('GET', '/v1/actions', { key: several });
      expect(json).toMatchObject({ status: 422, field: 'tenant' });
    }
    const several = await key(['read'], ['northwind', 'contoso']);
    for (const [query, count] of [
      ['tenant=northwind', 5],
      ['tenant=contoso', 0],
      [`connector=${connector}`, 4],
      [`tenant=contoso&connector=${connector}`, 0],
    ] as const)
      expect(idsOf(await as('GET', `/v1/actions?${query}`, { key: several }))).toHaveLength(count);
  });

  it.each(['tenant=Northwind', 'tenant=north%23wind', 'connector=northwind', 'connector=x%00.y'])(
    'is not found for a text that names nobody: %s',
    async (query) => {
      const { as } = await listWorld();
      expect((await as('GET', `/v1/actions?${query}`)).json).toMatchObject({ status: 404 });
    },
  );
});

describe('the trail of an action', () => {
  it('has every step, and the same steps are records of its tenant in the lake', async () => {
    const { act, as, audit } = await actionWorld();
    const { json } = await act({ reason: 'Ransomware' }, { query: '?wait=20' });
    await as('POST', `/v1/actions/${json['id']}/undo?wait=20`, { body: {} });
    const { status, json: told } = await as('GET', `/v1/actions/${json['id']}/trail`);
    expect([status, told['id']]).toEqual([200, json['id']]);
    const trail = Object(told['trail']);
    const kinds = trail.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['requested', 'sending', 'answered', 'observed', 'undo_requested']);
    expect(trail[0]).toMatchObject({ step: 1, by: json['requestedBy'], targets: [{ state: 'requested' }] });
    expect(trail[1]).toMatchObject({ call: 'POST /agents/actions/disconnect', by: { actor: 'system' } });
    expect(trail[2]).toMatchObject({ status: 200 });
    expect(trail[3]).toMatchObject({ targets: [{ target: 0, state: 'done' }] });
    expect(JSON.stringify(trail)).not.toMatch(/sourceIp|192\.0\.2\.7/);

    const records = audit.records.filter(
      ({ target, operation }) => target === json['id'] && operation === 'responseAction',
    );
    expect(records.map(({ step }) => step)).toEqual(kinds.slice(0, records.length));
    expect(records.length).toBeGreaterThanOrEqual(4);
    for (const { tenant, request } of records)
      expect([tenant, request]).toEqual(['northwind', { action: 'contain', reason: 'Ransomware' }]);
    expect(records[3]?.details).toMatchObject({ targets: [{ agentId: ids.online, state: 'done' }] });
  });

  it('and the calls about it are in the lake, each with what it was about', async () => {
    const { act, as, audit } = await actionWorld();
    const { json } = await act({ ticket: 'INC-1' }, { query: '?wait=20' });
    await as('POST', `/v1/actions/${json['id']}/cancel`);
    await as('GET', `/v1/actions/${json['id']}`);
    const calls = audit.records.filter(({ operation }) => operation !== 'responseAction');
    expect(calls.map(({ operation, step, target, tenant }) => [operation, step, target, tenant])).toEqual([
      ['createAction', 'requested', undefined, 'northwind'],
      ['createAction', 'succeeded', undefined, 'northwind'],
      ['cancelAction', 'requested', json['id'], 'northwind'],
      ['cancelAction', 'refused', json['id'], 'northwind'],
    ]);
  });
});

it('the catalogue has every action with its parameters as JSON Schema', async () => {
  const { as, services } = await actionWorld();
  const { status, json } = await as('GET', '/v1/action-types');
  expect(status).toBe(200);
  const told = Object(json['actionTypes']);
  expect(told.map(({ id }: { id: string }) => id)).toEqual(services.actionTypes.map(({ id }) => id));
  const message = told.find(({ id }: { id: string }) => id === 'broadcast-message');
  expect(message.parameters).toMatchObject({
    ...{ type: 'object', required: ['message'], additionalProperties: false },
    properties: { message: { type: 'string', maxLength: 140 } },
  });
});

it('pages are read from the tenant that was asked for, and from no other', async () => {
  const asked: string[] = [];
  const page = MemoryActions.prototype.page;
  const world = await listWorld();
  world.actions.page = async (query) => {
    asked.push(query.tenant);
    return await page.call(world.actions, query);
  };
  await world.as('GET', '/v1/actions');
  await world.as('GET', '/v1/actions?tenant=contoso');
  await world.as('GET', '/v1/actions?connector=contoso.emea-servers');
  expect(asked).toEqual(['northwind']);
});
