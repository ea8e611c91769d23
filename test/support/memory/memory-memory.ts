import { type StreamId, streamName } from '../../../shared/engine/stream.ts';
import type { Memory, MemoryStore } from '../../../shared/ports.ts';

/** What readings remember, in a map. */
export class MemoryMemory implements MemoryStore {
  readonly rows = new Map<string, Memory>();
  readonly expiries = new Map<string, number>();

  async get(owner: StreamId, keys: readonly string[]): Promise<ReadonlyMap<string, Memory>> {
    const found = new Map<string, Memory>();
    for (const key of keys) {
      const row = this.rows.get(rowName(owner, key));
      if (row !== undefined) found.set(key, structuredClone(row));
    }
    return found;
  }

  async *all(owner: StreamId): AsyncGenerator<Memory> {
    const prefix = rowName(owner, '');
    const names = [...this.rows.keys()].filter((name) => name.startsWith(prefix)).sort();
    for (const name of names) {
      const row = this.rows.get(name);
      if (row !== undefined) yield structuredClone(row);
    }
  }

  async put(
    owner: StreamId,
    { key, value, version }: Parameters<MemoryStore['put']>[1],
    expiresAt: number,
  ): Promise<boolean> {
    const name = rowName(owner, key);
    if ((this.rows.get(name)?.version ?? 0) !== version) return false;
    if (value === null) this.rows.delete(name);
    else this.rows.set(name, structuredClone({ key, value, version: version + 1 }));
    this.expiries.set(name, expiresAt);
    return true;
  }
}

function rowName(owner: StreamId, key: string): string {
  return `${streamName(owner)}#${key}`;
}
