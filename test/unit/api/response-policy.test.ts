import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readWebhookSecret, webhookSecretId } from '../../../shared/actions/callbacks/webhook-secret.ts';
import { idFromName, parseConnectorId } from '../../../shared/connectors/connector-id.ts';
import { apiWorld } from '../../support/api-world.ts';

const path = '/v1/tenants/northwind/response-policy';
const policy = {
  safelist: [{ name: 'Domain controllers', directoryGroups: ['Domain Controllers'], computerNames: ['DC*'] }],
  approvals: [{ name: 'Four eyes', actions: ['contain'], endpoints: { machineTypes: ['server'] } }],
  isolationsPerHour: 5,
  mostTargets: 10,
  followOfflineDays: 3,
  approvalMinutes: 30,
  webhook: { url: 'https://a.soar.example.com/in/secret-of-the-receiver' },
};
const defaults = {
  tenant: 'northwind',
  ...{ safelist: [], approvals: [], isolationsPerHour: 20, mostTargets: 100 },
  ...{ followOfflineDays: 7, approvalMinutes: 60, etag: '"0"' },
};

let world: ReturnType<typeof apiWorld>;
let admin: string;
beforeEach(async () => {
  world = apiWorld();
  admin = await world.key(['admin'], ['northwind']);
});
const as = (key: string, method: string, more: object = {}) => world.call(method, path, { key, ...more });
const put = (body: unknown, headers = {}) => as(admin, 'PUT', { body, headers });

describe("a tenant's response policy", () => {
  it('is the default where nobody has written one', async () => {
    const { status, json, headers } = await as(await world.key(['read'], ['northwind']), 'GET');
    expect([status, headers['ETag'], json]).toEqual([200, '"0"', defaults]);
  });

  it('is what was written, whole', async () => {
    const written = await put(policy);
    expect([written.status, written.headers['ETag']]).toEqual([200, '"1"']);
    expect(written.json).toEqual({ tenant: 'northwind', ...policy, etag: '"1"' });
    expect((await as(admin, 'GET')).json).toEqual(written.json);
    expect((await put({ mostTargets: 3 })).json).toEqual({ ...defaults, mostTargets: 3, etag: '"2"' });
    expect(world.policies.stored.size).toBe(1);
  });

  it('is changed by those who have seen it last', async () => {
    expect((await put(policy, { 'If-Match': '"0"' })).status).toBe(200);
    for (const etag of ['"0"', '"2"', 'x']) {
      const { status, json } = await put({}, { 'If-Match': etag });
      expect([status, json['code'], json['field']]).toEqual([412, 'outdated', 'If-Match']);
      expect(json['detail']).toBe('The response policy has been changed since it was read.');
    }
    expect((await put({}, { 'If-Match': '"1"' })).status).toBe(200);
    vi.spyOn(world.policies, 'put').mockResolvedValueOnce(false);
    expect((await put({})).json['code']).toBe('outdated');
  });

  it('shows where the webhook leads to admins only', async () => {
    await put(policy);
    const { json } = await as(await world.key(['respond'], ['northwind']), 'GET');
    expect(json['webhook']).toEqual({ url: 'https://a.soar.example.com/***' });
  });

  it('is in the audit trail of its tenant, without what may be a secret', async () => {
    await put(policy);
    await put({ webhook: { url: 'https://user:pass-word@x.test/token' } });
    await put({ webhook: { url: 'a-token' } });
    expect(world.audit.records.map(({ tenant, operation, step }) => [tenant, operation, step])).toEqual(
      ['succeeded', 'refused', 'refused'].flatMap((step) => [
        ['northwind', 'putResponsePolicy', 'requested'],
        ['northwind', 'putResponsePolicy', step],
      ]),
    );
    expect(world.audit.records[0]?.request).toEqual({
      ...policy,
      webhook: { url: 'https://a.soar.example.com/***' },
    });
    expect(JSON.stringify(world.audit.records)).not.toMatch(/secret-of-the-receiver|pass-word|token/);
  });

  it.each<[object, string]>([
    [{ safelist: [{ name: 'Nobody' }] }, 'safelist[0]'],
    [{ safelist: [{ name: 'Nobody', tags: [] }] }, 'safelist[0].tags'],
    [{ safelist: [{ tags: ['a'] }] }, 'safelist[0].name'],
    [{ safelist: [{ name: 'a', computerNames: [' DC*'] }] }, 'safelist[0].computerNames[0]'],
    [{ safelist: [{ name: 'a', agentIds: ['DC01'] }] }, 'safelist[0].agentIds[0]'],
    [{ safelist: [{ name: 'a', machineTypes: ['servers'] }] }, 'safelist[0].machineTypes[0]'],
    [{ safelist: [{ name: 'a', hostNames: ['DC01'] }] }, 'safelist[0].hostNames'],
    [{ approvals: [{ name: 'a' }] }, 'approvals[0]'],
    [{ approvals: [{ name: 'a', endpoints: {} }] }, 'approvals[0].endpoints'],
    [{ approvals: [{ name: 'a', dangers: ['much'] }] }, 'approvals[0].dangers[0]'],
    [{ approvals: [{ name: 'a', actions: ['isolate'] }] }, 'approvals[0].actions[0]'],
    [{ isolationsPerHour: -1 }, 'isolationsPerHour'],
    [{ mostTargets: 101 }, 'mostTargets'],
    [{ followOfflineDays: 0 }, 'followOfflineDays'],
    [{ approvalMinutes: 1.5 }, 'approvalMinutes'],
    [{ webhook: { url: 'https://example.com/' } }, 'webhook.url'],
    [{ webhook: {} }, 'webhook.url'],
    [{ version: 3 }, 'version'],
  ])('is not %j', async (body, field) => {
    const { status, json } = await put(body);
    expect([status, json['code'], json['field']]).toEqual([422, 'invalid_request', field]);
    expect(world.policies.stored.size).toBe(0);
  });

  it('lists the actions that there are where one is named that there is not', async () => {
    const { json } = await put({ approvals: [{ name: 'a', actions: ['isolate'] }] });
    expect(json['recommendation']).toMatch(/^Choose from .*\bcontain\b/);
  });

  it.each(['contoso', 'NORTHWIND', 'north/wind', '__proto__', '_webhook', 'x'.repeat(64)])(
    'is not there for the tenant %s, by whatever it is asked for',
    async (tenant) => {
      const all = tenant === 'contoso' ? admin : await world.key();
      for (const [method, rest] of [
        ['GET', ''],
        ['PUT', ''],
        ['POST', '/webhook-secret'],
      ] as const) {
        const { status, json } = await world.call(
          method,
          `/v1/tenants/${encodeURIComponent(tenant)}/response-policy${rest}`,
          { key: all, ...(method === 'PUT' ? { body: policy } : {}) },
        );
        expect([status, json['code'], json['detail']]).toEqual([
          404,
          'not_found',
          'There is no such tenant.',
        ]);
      }
      expect([world.policies.stored.size, world.secrets.values.size]).toEqual([0, 0]);
    },
  );
});

describe('the secret of a webhook', () => {
  const make = () => world.call('POST', `${path}/webhook-secret`, { key: admin });

  it('is told once, and is the one that webhooks are signed with', async () => {
    const { status, json } = await make();
    expect([status, Object.keys(json)]).toEqual([201, ['secret']]);
    expect(json['secret']).toMatch(/^whsec_[A-Za-z0-9_-]{43}$/);
    expect(await readWebhookSecret(world.secrets, 'northwind')).toEqual({
      kind: 'found',
      secret: json['secret'],
    });
    const rest = [
      world.audit.records,
      world.logged,
      [...world.policies.stored],
      (await as(admin, 'GET')).json,
    ];
    expect(JSON.stringify(rest)).not.toContain(json['secret']);
  });

  it('is that of no connector', () => {
    expect(parseConnectorId(`northwind.${webhookSecretId}`)).toBeUndefined();
    expect(idFromName(webhookSecretId)).not.toBe(webhookSecretId);
  });

  it('is another one every time, and each tenant has its own', async () => {
    const first = (await make()).json['secret'];
    const second = (await make()).json['secret'];
    const key = await world.key();
    const other = await world.call('POST', '/v1/tenants/contoso/response-policy/webhook-secret', { key });
    expect(new Set([first, second, other.json['secret']]).size).toBe(3);
    expect(await readWebhookSecret(world.secrets, 'northwind')).toMatchObject({ secret: second });
  });
});
