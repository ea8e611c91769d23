import { type StreamId, streamName } from '../../../shared/engine/stream.ts';
import type { Memory, MemoryStore } from '../../../shared/ports.ts';

/** What readings remember, in a map. Forgets nothing by itself. */
export class MemoryMemory implements MemoryStore {
  readonly rows = new Map<string, Memory>();
  /** From when on rows may be forgotten, epoch milliseconds; those that are not in it never. */
  readonly forgetAt = new Map<string, number>();

  async get(owner: StreamId, keys: readonly string[]): Promise<ReadonlyMap<string, Memory>> {
    const found = new Map<string, Memory>();
    for (const key of keys) {
      const row = this.rows.get(rowName(owner, key));
      if (row !== undefined) found.set(key, structuredClone(row));
    }
    return found;
  }

  async page(owner: StreamId, after: string | undefined, limit: number): Promise<readonly Memory[]> {
    const prefix = rowName(owner, '');
    const rows = [...this.rows].filter(([name]) => name.startsWith(prefix)).map(([, row]) => row);
    rows.sort((a, b) => (a.key < b.key ? -1 : 1));
    const behind = rows.filter(({ key }) => after === undefined || key > after);
    return structuredClone(behind.slice(0, limit));
  }

  async put(
    owner: StreamId,
    { key, value, version }: Parameters<MemoryStore['put']>[1],
    forgetAt?: number,
  ): Promise<boolean> {
    const name = rowName(owner, key);
    if ((this.rows.get(name)?.version ?? 0) !== version) return false;
    if (value === null) this.rows.delete(name);
    else this.rows.set(name, structuredClone({ key, value, version: version + 1 }));
    if (value === null || forgetAt === undefined) this.forgetAt.delete(name);
    else this.forgetAt.set(name, forgetAt);
    return true;
  }
}

function rowName(owner: StreamId, key: string): string {
  return `${streamName(owner)}#${key}`;
}
