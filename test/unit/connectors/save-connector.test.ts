import { describe, expect, it } from 'vitest';
import { idProblem } from '../../../shared/connectors/names.ts';
import { saveConnector } from '../../../shared/connectors/save-connector.ts';
import type { Connector } from '../../../shared/ports.ts';
import { itemContentType } from '../../support/item-content-type.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryBackfills } from '../../support/memory/memory-backfills.ts';
import { MemoryRegistry } from '../../support/memory/memory-registry.ts';
import { MemorySecrets } from '../../support/memory/memory-secrets.ts';
import { MemoryStreams } from '../../support/memory/memory-streams.ts';

const connector: Connector = {
  tenant: 'acme',
  id: 'edr',
  name: 'EDR',
  tenantName: 'Acme Inc.',
  hostUrl: 'https://acme.sentinelone.net',
  contentTypes: ['items'],
  since: 1_000,
  siteIds: ['7'],
  accountIds: [],
  createdAt: 5_000,
};
const credentials = { hostUrl: connector.hostUrl, apiToken: 'eyJtoken' };

function world() {
  const connectors = new MemoryStreams();
  const secrets = new MemorySecrets();
  const clock = new ManualClock(5_000);
  const registry = new MemoryRegistry();
  const findContentType = (id: string) => (id === 'items' ? itemContentType(10) : undefined);
  const backfills = new MemoryBackfills();
  const deps = { registry, connectors, control: connectors, backfills, secrets, clock, findContentType };
  return { registry, connectors, backfills, secrets, clock, deps };
}

describe('saveConnector', () => {
  it('keeps the token in the secret only and makes every stream due at once', async () => {
    const { registry, connectors, secrets, deps } = world();
    await saveConnector(connector, credentials, deps);
    expect(JSON.parse(secrets.values.get('acme/edr') ?? '')).toStrictEqual(credentials);
    expect(JSON.stringify([...connectors.rows, ...registry.stored])).not.toContain('eyJtoken');
    expect(await connectors.streams('acme', 'edr')).toMatchObject([
      {
        watermark: 1_000,
        nextDueAt: 5_000,
        settings: { tenantName: 'Acme Inc.', connectorName: 'EDR', intervalMs: 300_000, siteIds: ['7'] },
      },
    ]);
  });

  it('keeps the beginning of a connector that exists, or a job would read again what its streams have read', async () => {
    const { registry, connectors, deps } = world();
    await saveConnector(connector, credentials, deps);
    await saveConnector({ ...connector, since: 4_000, createdAt: 9_000 }, credentials, deps);
    expect((await registry.get('acme', 'edr'))?.connector).toMatchObject({ since: 1_000, createdAt: 5_000 });
    expect(await connectors.streams('acme', 'edr')).toMatchObject([{ since: 1_000 }]);
  });

  it('gives the settings to the streams of the past as well, and lets those of a paused connector go on', async () => {
    const { connectors, backfills, deps } = world();
    await saveConnector(connector, credentials, deps);
    const job = { id: 'j1', contentTypes: ['items'], from: 0, to: 500, createdAt: 0, createdBy: 'key:test' };
    const spans = { items: [{ part: 'b1', from: 0, to: 500 }] };
    await backfills.put(connector, { version: 0, spans, jobs: [job] });
    await saveConnector(connector, credentials, deps);
    const id = { tenant: 'acme', connector: 'edr', contentType: 'items', part: 'b1' };
    await connectors.pause(id, 5_000);
    await saveConnector({ ...connector, siteIds: ['8'] }, credentials, deps);
    const [part] = await connectors.parts('acme', 'edr');
    expect(part).toMatchObject({ id, settings: { siteIds: ['8'], until: 500 } });
    expect(part).not.toHaveProperty('pausedAt');
  });

  it('changes settings and token of a connector that exists, keeps its progress, and makes it due', async () => {
    const { connectors, secrets, clock, deps } = world();
    await saveConnector(connector, credentials, deps);
    const [stream] = await connectors.streams('acme', 'edr');
    if (stream === undefined) throw new Error('The stream is gone.');
    const change = { watermark: 4_000, nextDueAt: 900_000 };
    await connectors.acquire(stream, change, { owner: 'w', now: 5_000, leaseMs: 10 });
    clock.advance(1_000);
    await saveConnector({ ...connector, intervalMs: 60_000 }, { ...credentials, apiToken: 'eyJnew' }, deps);
    expect(await connectors.streams('acme', 'edr')).toMatchObject([
      { watermark: 4_000, nextDueAt: 6_000, settings: { intervalMs: 60_000 } },
    ]);
    expect(secrets.values.get('acme/edr')).toContain('eyJnew');
  });

  it('opens companions as well, with what is said of the content type that names them, but for its interval', async () => {
    const { connectors, deps } = world();
    const named = { ...itemContentType(10), companions: ['items-again'] };
    const again = { ...itemContentType(10), id: 'items-again' };
    const findContentType = (id: string) => [named, again].find((type) => type.id === id);
    const options = { items: { source: 'x', intervalMinutes: '7' } };
    await saveConnector({ ...connector, options }, credentials, { ...deps, findContentType });
    const streams = await connectors.streams('acme', 'edr');
    expect(
      streams.map(({ id, settings }) => [id.contentType, settings.intervalMs, settings.options]),
    ).toStrictEqual([
      ['items', 420_000, { source: 'x', intervalMinutes: '7' }],
      ['items-again', 300_000, { source: 'x' }],
    ]);
  });

  it('gives each stream the filters that apply to it, and a companion those of the content type that names it', async () => {
    const { connectors, deps } = world();
    const types = [
      { ...itemContentType(10), companions: ['items-again'] },
      { ...itemContentType(10), id: 'items-again' },
      { ...itemContentType(10), id: 'others' },
    ];
    const findContentType = (id: string) => types.find((type) => type.id === id);
    const filter = {
      name: 'lab',
      action: 'exclude',
      conditions: [{ field: 'site', operator: 'equals', value: 'lab' }],
    } as const;
    const filtered = {
      ...connector,
      contentTypes: ['items', 'others'],
      filters: [{ ...filter, contentTypes: ['items'] }],
    };
    await saveConnector(filtered, credentials, { ...deps, findContentType });
    const filters = async () =>
      (await connectors.streams('acme', 'edr')).map(({ id, settings }) => [id.contentType, settings.filters]);
    expect(await filters()).toStrictEqual([
      ['items', [filter]],
      ['items-again', [filter]],
      ['others', undefined],
    ]);
    await saveConnector({ ...filtered, filters: [] }, credentials, { ...deps, findContentType });
    expect((await filters()).every(([, of]) => of === undefined)).toBe(true);
  });

  it('does not bring back a connector that was deleted', async () => {
    const { registry, connectors, secrets, deps } = world();
    await saveConnector(connector, credentials, deps);
    const seen = await registry.get('acme', 'edr');
    if (seen === undefined) throw new Error('The connector is gone.');
    await registry.replace({ ...seen, state: 'deleted', version: seen.version + 1 }, seen);
    for (const { id } of await connectors.streams('acme', 'edr')) await connectors.remove(id);
    await secrets.remove({ tenant: 'acme', connector: 'edr' });
    await expect(saveConnector(connector, credentials, deps)).rejects.toThrow('was deleted');
    expect((await registry.get('acme', 'edr'))?.state).toBe('deleted');
    expect(secrets.values.size + (await connectors.streams('acme', 'edr')).length).toBe(0);
  });

  it('writes nothing for a content type that does not exist', async () => {
    const { registry, connectors, secrets, deps } = world();
    const unknown = { ...connector, contentTypes: ['items', 'nothing'] };
    await expect(saveConnector(unknown, credentials, deps)).rejects.toThrow('unknown content type nothing');
    expect(secrets.values.size + connectors.rows.size + registry.stored.size).toBe(0);
  });
});

describe('idProblem', () => {
  it.each(['a', 'acme', 'acme-2', '0', 'a'.repeat(63)])('accepts %s', (id) => {
    expect(idProblem(id)).toBeUndefined();
  });
  it.each(['', 'Acme', 'a/b', 'a=b', '../x', '-a', 'a-', 'a b', 'ä', 'a'.repeat(64), 'a\n'])(
    'refuses %j',
    (id) => {
      expect(idProblem(id)).toContain('lower-case');
    },
  );
});
