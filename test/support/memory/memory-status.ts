import type { TestStore } from '../../../shared/connectivity/test-store.ts';
import type { ConnectorStore } from '../../../shared/ports.ts';
import type { StatusReader } from '../../../shared/status/connector-status.ts';

/** The state of connectors out of memory; counts its reads. */
export class MemoryStatus implements StatusReader {
  reads = 0;
  private readonly connectors: Pick<ConnectorStore, 'streams'>;
  private readonly tests: Pick<TestStore, 'last'>;

  constructor(connectors: Pick<ConnectorStore, 'streams'>, tests: Pick<TestStore, 'last'>) {
    this.connectors = connectors;
    this.tests = tests;
  }

  async read(connector: { readonly tenant: string; readonly id: string }) {
    this.reads += 1;
    return {
      streams: await this.connectors.streams(connector.tenant, connector.id),
      lastTest: await this.tests.last(connector),
    };
  }
}
