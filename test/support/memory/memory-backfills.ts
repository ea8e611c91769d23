import { type Backfill, type BackfillStore, noBackfill } from '../../../shared/jobs/backfill.ts';

/** Jobs and spans of connectors in memory. */
export class MemoryBackfills implements BackfillStore {
  readonly stored = new Map<string, Backfill>();

  async get({ tenant, id }: { tenant: string; id: string }): Promise<Backfill> {
    return this.stored.get(`${tenant}/${id}`) ?? noBackfill;
  }

  async put({ tenant, id }: { tenant: string; id: string }, backfill: Backfill): Promise<boolean> {
    const key = `${tenant}/${id}`;
    if ((this.stored.get(key)?.version ?? 0) !== backfill.version) return false;
    this.stored.set(key, { ...backfill, version: backfill.version + 1 });
    return true;
  }
}
