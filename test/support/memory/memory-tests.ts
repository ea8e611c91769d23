import type { StoredTest, TestStore } from '../../../shared/connectivity/test-store.ts';
import { connectorIdText, type TenantConnector } from '../../../shared/connectors/connector-id.ts';

/** The last tests of connectors in memory. */
export class MemoryTests implements TestStore {
  private readonly tests = new Map<string, StoredTest>();
  private readonly running = new Map<string, number>();

  async begin(connector: TenantConnector, now: number, until: number): Promise<boolean> {
    const name = connectorIdText(connector);
    if ((this.running.get(name) ?? 0) > now) return false;
    this.running.set(name, until);
    return true;
  }

  async finish(connector: TenantConnector, test: StoredTest): Promise<void> {
    this.tests.set(connectorIdText(connector), test);
    this.running.delete(connectorIdText(connector));
  }

  async abandon(connector: TenantConnector): Promise<void> {
    this.running.delete(connectorIdText(connector));
  }

  async last(connector: TenantConnector): Promise<StoredTest | undefined> {
    return this.tests.get(connectorIdText(connector));
  }
}
