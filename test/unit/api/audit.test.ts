import { describe, expect, it, vi } from 'vitest';
import { apiWorld, goodConnector } from '../../support/api-world.ts';
import { connectorWorld } from './connector-support.ts';

const steps = (world: Pick<ReturnType<typeof apiWorld>, 'audit'>) =>
  world.audit.records.map(({ operation, step, status, code }) => [operation, step, status ?? code]);

describe('the audit trail', () => {
  it('has who asked for what, and what became of it', async () => {
    const world = await connectorWorld();
    const [requested, succeeded] = world.audit.records;
    expect(requested).toMatchObject({
      tenant: 'northwind',
      at: world.clock.now(),
      operation: 'createConnector',
      step: 'requested',
      actor: expect.stringMatching(/^key:[a-z0-9]{16}$/),
      actorName: 'admin',
      sourceIp: '192.0.2.7',
      requestId: 'r1',
      request: { name: 'EMEA servers', apiToken: '(masked)' },
    });
    expect(succeeded).toMatchObject({ step: 'succeeded', status: 201, requestId: 'r1' });
  });

  it('has refusals and failures with their codes', async () => {
    const world = await connectorWorld();
    world.audit.records.length = 0;
    await world.as('POST', '/v1/connectors', { body: goodConnector });
    vi.spyOn(world.registry, 'replace').mockRejectedValueOnce(new Error('away'));
    await world.on('POST', '/pause');
    await world.on('PATCH', '', { body: { siteIds: ['1'] }, headers: { 'If-Match': '"9"' } });
    expect(steps(world)).toEqual([
      ['createConnector', 'requested', undefined],
      ['createConnector', 'refused', 409],
      ['pauseConnector', 'requested', undefined],
      ['pauseConnector', 'failed', 'internal_error'],
      ['patchConnector', 'requested', undefined],
      ['patchConnector', 'refused', 412],
    ]);
    expect(world.audit.records.slice(2).every(({ target }) => target === world.id)).toBe(true);
  });

  it('has nothing of calls that change nothing', async () => {
    const world = await connectorWorld();
    world.audit.records.length = 0;
    await world.on('GET', '');
    await world.on('GET', '/status');
    await world.on('POST', '/test');
    await world.as('POST', '/v1/connectors/test', { body: goodConnector });
    expect(world.audit.records).toEqual([]);
  });

  it('must take what is asked for, or it is not done', async () => {
    const world = apiWorld();
    const key = await world.key();
    world.audit.failure = new Error('the bucket is away');
    const { status } = await world.call('POST', '/v1/connectors', { key, body: goodConnector });
    expect(status).toBe(500);
    expect([world.registry.stored.size, world.secrets.values.size]).toEqual([0, 0]);
  });

  it('that cannot take the outcome changes nothing of it, and the log says so', async () => {
    const world = await connectorWorld();
    const append = world.audit.append.bind(world.audit);
    vi.spyOn(world.audit, 'append').mockImplementation((record) =>
      record.step === 'requested' ? append(record) : Promise.reject(new Error('the bucket is away')),
    );
    const made = await world.as('POST', '/v1/keys', {
      body: { name: 'n', tenants: 'all', rights: ['read'] },
    });
    expect(made.status).toBe(201);
    const refused = await world.as('POST', '/v1/connectors', { body: goodConnector });
    expect(refused.status).toBe(409);
    expect(world.logged).toHaveLength(2);
    expect(world.logged[0]).toContain('"operation":"createKey"');
    expect(steps(world).slice(2)).toEqual([
      ['createKey', 'requested', undefined],
      ['createConnector', 'requested', undefined],
    ]);
  });

  it('takes no tenant from a body that is none: it becomes part of the key of an object', async () => {
    const world = apiWorld();
    const tenant = 'northwind/index=alerts';
    await world.call('POST', '/v1/connectors', {
      key: await world.key(),
      body: { ...goodConnector, tenant },
    });
    expect(world.audit.records.map((record) => record.tenant)).toEqual([undefined, undefined]);
    expect(world.audit.records[0]?.request?.['tenant']).toBe(tenant);
  });
});
