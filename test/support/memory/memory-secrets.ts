import type { SecretStore } from '../../../shared/ports.ts';

/** The secret store in memory; counts its reads. */
export class MemorySecrets implements SecretStore {
  readonly values = new Map<string, string>();
  reads = 0;

  async get({ tenant, connector }: { tenant: string; connector: string }): Promise<string | undefined> {
    this.reads += 1;
    return this.values.get(`${tenant}/${connector}`);
  }

  async put({ tenant, connector }: { tenant: string; connector: string }, value: string): Promise<void> {
    this.values.set(`${tenant}/${connector}`, value);
  }

  async remove({ tenant, connector }: { tenant: string; connector: string }): Promise<void> {
    this.values.delete(`${tenant}/${connector}`);
  }
}
