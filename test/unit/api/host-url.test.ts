import { expect, it, vi } from 'vitest';
import { apiWorld, goodConnector } from '../../support/api-world.ts';
import { forbiddenHostUrls } from '../../support/forbidden-host-urls.ts';
import { connectorWorld } from './connector-support.ts';

it.each(forbiddenHostUrls)('refuses %j before anything is stored or asked', async (hostUrl) => {
  const world = apiWorld();
  const asked = vi.spyOn(world.services, 'testConnectivity');
  const key = await world.key();
  for (const path of ['/v1/connectors', '/v1/connectors/test']) {
    const { status, json } = await world.call('POST', path, { key, body: { ...goodConnector, hostUrl } });
    expect([path, status, json['code'], json['field']]).toEqual([path, 422, 'invalid_request', 'hostUrl']);
    expect(String(Object(json['fields'])[0].recommendation)).toContain('https://acme.sentinelone.net');
  }
  expect(asked).not.toHaveBeenCalled();
  expect([world.registry.stored.size, world.secrets.values.size, world.streams.rows.size]).toEqual([0, 0, 0]);
  expect(world.queue.sent).toEqual([]);
});

it('are at least forty, all of them different', () => {
  expect(new Set(forbiddenHostUrls).size).toBe(forbiddenHostUrls.length);
  expect(forbiddenHostUrls.length).toBeGreaterThanOrEqual(40);
});

it('keeps no password of a host URL, not even in the audit trail', async () => {
  const world = apiWorld();
  const key = await world.key();
  for (const hostUrl of [
    'https://admin:hunter2@acme.sentinelone.net',
    'admin:hunter2@acme.sentinelone.net',
    'https://hunter2@evil.example/',
  ]) {
    const { body } = await world.call('POST', '/v1/connectors', { key, body: { ...goodConnector, hostUrl } });
    expect(body).not.toContain('hunter2');
  }
  expect(world.audit.records).toHaveLength(6);
  expect(JSON.stringify([world.audit.records, world.logged])).not.toContain('hunter2');
});

it('does not test a stored connector anywhere but at its own console', async () => {
  const world = await connectorWorld();
  const asked = vi.spyOn(world.services, 'testConnectivity');
  expect((await world.on('POST', '/test')).status).toBe(200);
  expect(asked.mock.calls.map(([{ credentials }]) => credentials.hostUrl)).toEqual([
    'https://euce1-northwind.sentinelone.net',
  ]);
});
