import { describe, expect, it, vi } from 'vitest';
import { apiWorld, goodConnector } from '../../support/api-world.ts';
import { connectorWorld, sameSettings } from './connector-support.ts';

describe('POST /v1/connectors', () => {
  it('answers 201 with the connector, where it is, and its version', async () => {
    const { created, as } = await connectorWorld();
    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({
      Location: '/v1/connectors/northwind.emea-servers',
      ETag: '"1"',
    });
    expect(created.json).toStrictEqual({
      id: 'northwind.emea-servers',
      tenant: 'northwind',
      tenantName: 'Northwind Manufacturing',
      name: 'EMEA servers',
      hostUrl: 'https://euce1-northwind.sentinelone.net',
      functions: ['collect'],
      contentTypes: ['threats', 'agents', 'agents-snapshot'],
      intervalMinutes: 5,
      since: '2026-11-25T09:30:00.000Z',
      siteIds: [],
      accountIds: [],
      filters: [],
      options: {},
      state: 'active',
      createdAt: '2026-11-26T09:30:00.000Z',
      updatedAt: '2026-11-26T09:30:00.000Z',
      etag: '"1"',
    });
    expect((await as('GET', created.headers['Location'] ?? '')).json).toStrictEqual(created.json);
  });

  it('takes the defaults for what is not said', async () => {
    const { created } = await connectorWorld({
      tenantName: undefined,
      contentTypes: undefined,
      intervalMinutes: undefined,
      since: undefined,
    });
    expect(created.json).toMatchObject({ tenantName: 'northwind', since: '2026-11-25T09:30:00.000Z' });
    expect(created.json).not.toHaveProperty('intervalMinutes');
    expect(created.json['contentTypes']).toContain('vulnerabilities');
  });

  it('keeps the token in the secret and nowhere else', async () => {
    const world = await connectorWorld();
    const { apiToken } = goodConnector;
    expect(JSON.parse(world.secret() ?? '')).toStrictEqual({
      hostUrl: 'https://euce1-northwind.sentinelone.net',
      apiToken,
    });
    const elsewhere = JSON.stringify([
      world.created,
      [...world.registry.stored],
      [...world.streams.rows],
      world.queue.sent,
      world.audit.records,
      world.logged,
    ]);
    expect(elsewhere).not.toContain(apiToken);
  });

  it('begins at once: a message for every stream, and none due before it is clear that the message was lost', async () => {
    const world = await connectorWorld();
    const streams = await world.stored();
    expect(streams.map(({ id }) => id.contentType)).toStrictEqual(['agents', 'agents-snapshot', 'threats']);
    expect(world.queue.sent.map(({ message, delaySeconds }) => [message.stream, delaySeconds])).toStrictEqual(
      ['threats', 'agents', 'agents-snapshot'].map((type) => [world.streamId(type), 0]),
    );
    const due = world.clock.now() + world.services.claimMs;
    expect(streams.map(({ nextDueAt }) => nextDueAt)).toStrictEqual([due, due, due]);
    expect(streams.map(({ since }) => since)).toStrictEqual(Array(3).fill(world.clock.now() - 86_400_000));
  });

  it('leaves the streams to the next tick of the schedule where the queue takes no message', async () => {
    const world = apiWorld();
    vi.spyOn(world.queue, 'send').mockRejectedValueOnce(new Error('throttled'));
    const { status } = await world.call('POST', '/v1/connectors', {
      key: await world.key(),
      body: goodConnector,
    });
    expect(status).toBe(201);
    const streams = await world.streams.streams('northwind', 'emea-servers');
    expect(new Set(streams.map(({ nextDueAt }) => nextDueAt))).toStrictEqual(new Set([world.clock.now()]));
    expect(world.logged).toStrictEqual([expect.stringContaining('The queue took no message')]);
  });

  it('opens no stream for a connector that only acts', async () => {
    const world = await connectorWorld({ functions: ['respond'] });
    expect(world.created.json['functions']).toStrictEqual(['respond']);
    expect(await world.stored()).toStrictEqual([]);
    expect(world.secret()).toBeDefined();
  });

  it('keeps filters, for the streams that they are about', async () => {
    const filters = [
      {
        name: 'drop-lab',
        action: 'exclude',
        contentTypes: ['threats'],
        conditions: [{ field: 'agentRealtimeInfo.siteName', operator: 'equals', value: 'Lab' }],
      },
    ];
    const world = await connectorWorld({ filters });
    expect(world.created.json['filters']).toStrictEqual(filters);
    const filtersOf = Object.fromEntries(
      (await world.stored()).map(({ id, settings }) => [id.contentType, settings.filters?.length]),
    );
    expect(filtersOf).toStrictEqual({ agents: undefined, 'agents-snapshot': undefined, threats: 1 });
  });
});

describe('names', () => {
  it.each(['EMEA servers', 'emea SERVERS', '  EMEA servers '])(
    'are not given twice in a tenant: %j',
    async (name) => {
      const world = await connectorWorld();
      const { status, json } = await world.as('POST', '/v1/connectors', { body: { ...goodConnector, name } });
      expect([status, json['code'], json['field']]).toEqual([409, 'name_taken', 'name']);
      expect(json['recommendation']).toContain('PUT /v1/connectors/northwind.emea-servers');
      expect(world.registry.stored.size).toBe(1);
    },
  );

  it('are given again in another tenant', async () => {
    const world = await connectorWorld();
    const body = { ...goodConnector, tenant: 'contoso' };
    expect((await world.as('POST', '/v1/connectors', { body })).json['id']).toBe('contoso.emea-servers');
  });

  it('that make the same id make another one', async () => {
    const world = await connectorWorld();
    const body = { ...goodConnector, name: 'EMEA-servers' };
    expect((await world.as('POST', '/v1/connectors', { body })).json['id']).toBe('northwind.emea-servers-2');
  });

  it('of deleted connectors are free, and their ids are never used again', async () => {
    const world = await connectorWorld();
    await world.on('DELETE', '');
    const { json } = await world.as('POST', '/v1/connectors', { body: goodConnector });
    expect(json['id']).toBe('northwind.emea-servers-2');
    await world.as('DELETE', '/v1/connectors/northwind.emea-servers-2');
    const third = await world.as('POST', '/v1/connectors', { body: goodConnector });
    expect(third.json['id']).toBe('northwind.emea-servers-3');
  });

  it('that a connector has left are free, and the connector keeps its id', async () => {
    const world = await connectorWorld();
    const renamed = await world.on('PATCH', '', { body: { name: 'Rotterdam' } });
    expect(renamed.json).toMatchObject({ id: world.id, name: 'Rotterdam' });
    const { json } = await world.as('POST', '/v1/connectors', { body: goodConnector });
    expect(json['id']).toBe('northwind.emea-servers-2');
    const taken = await world.as('POST', '/v1/connectors', { body: { ...goodConnector, name: 'rotterdam' } });
    expect([taken.status, taken.json['detail']]).toEqual([409, expect.stringContaining(world.id)]);
  });

  it('cannot be changed to that of another connector', async () => {
    const world = await connectorWorld();
    await world.as('POST', '/v1/connectors', { body: { ...goodConnector, name: 'Rotterdam' } });
    const { status, json } = await world.on('PATCH', '', { body: { name: 'ROTTERDAM' } });
    expect([status, json['code']]).toEqual([409, 'name_taken']);
    expect((await world.on('GET', '')).json).toMatchObject({ name: 'EMEA servers', etag: '"1"' });
  });

  it('go to one of many who want one at the same time', async () => {
    const world = apiWorld();
    const key = await world.key();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.call('POST', '/v1/connectors', { key, body: goodConnector })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect(world.registry.stored.size).toBe(1);
  });
});

describe('a creation that was interrupted', () => {
  it('is completed by PUT, and reports no fault before', async () => {
    const world = apiWorld();
    const key = await world.key();
    const put = vi.spyOn(world.secrets, 'put').mockRejectedValueOnce(new Error('Secrets Manager is away'));
    const first = await world.call('POST', '/v1/connectors', { key, body: goodConnector });
    expect([first.status, first.json['code']]).toEqual([500, 'internal_error']);
    expect(first.body).not.toContain('Secrets Manager');
    const { json: half } = await world.call('GET', '/v1/connectors/northwind.emea-servers/status', { key });
    expect(half).toMatchObject({ state: 'starting', contentTypes: [] });

    const again = await world.call('POST', '/v1/connectors', { key, body: goodConnector });
    expect([again.status, again.json['code']]).toEqual([409, 'name_taken']);
    const completed = await world.call('PUT', '/v1/connectors/northwind.emea-servers', {
      key,
      body: { ...sameSettings, apiToken: goodConnector.apiToken },
    });

    expect([completed.status, completed.headers['ETag']]).toEqual([200, '"1"']);
    expect(put).toHaveBeenCalledTimes(2);
    expect(world.secrets.values.get('northwind/emea-servers')).toContain(goodConnector.apiToken);
    expect(world.queue.sent).toHaveLength(3);
  });
});
