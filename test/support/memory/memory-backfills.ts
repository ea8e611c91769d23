import { isDeepStrictEqual } from 'node:util';
import { type Backfill, type BackfillStore, noBackfill } from '../../../shared/jobs/backfill.ts';

/** Jobs and spans of connectors in memory. */
export class MemoryBackfills implements BackfillStore {
  readonly stored = new Map<string, Backfill>();

  async get({ tenant, id }: { tenant: string; id: string }): Promise<Backfill> {
    return this.stored.get(`${tenant}/${id}`) ?? noBackfill;
  }

  async put({ tenant, id }: { tenant: string; id: string }, backfill: Backfill): Promise<boolean> {
    const key = `${tenant}/${id}`;
    const next = { ...backfill, version: backfill.version + 1 };
    const stored = this.stored.get(key);
    if ((stored?.version ?? 0) !== backfill.version) return isDeepStrictEqual(stored, next);
    this.stored.set(key, next);
    return true;
  }
}
