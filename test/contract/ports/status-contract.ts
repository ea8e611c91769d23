import { expect, it } from 'vitest';
import type { TestStore } from '../../../shared/connectivity/test-store.ts';
import type { StreamControl } from '../../../shared/connectors/stream-control.ts';
import type { ConnectorStore } from '../../../shared/ports.ts';
import type { StatusReader } from '../../../shared/status/connector-status.ts';

/** Who reads the state of a connector, and those who write it. */
export interface StatusPorts {
  readonly status: StatusReader;
  readonly connectors: ConnectorStore;
  readonly control: StreamControl;
  readonly tests: TestStore;
}

const now = Date.parse('2026-11-26T09:30:00Z');
const settings = {
  tenantName: 'Acme',
  connectorName: 'EDR',
  intervalMs: 300_000,
  siteIds: [],
  accountIds: [],
};

/** What every implementation of the status reader must do. `ports` gives the implementation under test. */
export function defineStatusContract(ports: () => StatusPorts): void {
  const tenant = 'watched';
  const start = { since: 0, settings, nextDueAt: now, now };

  it('has nothing of a connector without streams and tests', async () => {
    expect(await ports().status.read({ tenant, id: 'nobody' })).toEqual({ streams: [] });
  });

  it('has all streams of a connector, paused ones too, and its last test', async () => {
    const { connectors, control, tests, status } = ports();
    for (const contentType of ['threats', 'agents'])
      await connectors.ensureStream({ tenant, connector: 'edr', contentType }, start);
    await connectors.ensureStream({ tenant, connector: 'edr-2', contentType: 'sites' }, start);
    await control.pause({ tenant, connector: 'edr', contentType: 'agents' }, now);
    const report = { ok: true, checks: [] };
    await tests.begin({ tenant, id: 'edr' }, now, now + 10);
    expect((await status.read({ tenant, id: 'edr' })).lastTest).toBeUndefined();
    await tests.finish({ tenant, id: 'edr' }, { at: now, report });

    const read = await status.read({ tenant, id: 'edr' });

    expect(read.streams).toStrictEqual(await connectors.streams(tenant, 'edr'));
    expect(read.streams.map(({ id }) => id.contentType).sort()).toEqual(['agents', 'threats']);
    expect(read.lastTest).toStrictEqual({ at: now, report });
  });

  it('has all of them, however large their settings are', async () => {
    const { connectors, tests, status } = ports();
    const siteIds = Array.from({ length: 4_000 }, (_, i) => `18736450918273${i + 10_000}`);
    const types = Array.from({ length: 19 }, (_, i) => `type-${i + 10}`);
    for (const contentType of types) {
      const id = { tenant, connector: 'large', contentType };
      await connectors.ensureStream(id, { ...start, settings: { ...settings, siteIds } });
    }
    await tests.finish({ tenant, id: 'large' }, { at: now, report: { ok: true, checks: [] } });
    const read = await status.read({ tenant, id: 'large' });
    expect(read.streams.map(({ id }) => id.contentType).sort()).toEqual(types);
    expect(read.lastTest).toBeDefined();
  });
}
