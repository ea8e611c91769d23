import { type ApiKey, type ApiKeyView, viewOf } from '../../../shared/access/api-key.ts';
import { cursorBehind, idOfCursor } from '../../../shared/access/key-cursor.ts';
import {
  checkLimit,
  type KeyList,
  type KeyListRequest,
  type KeyStore,
  minuteOf,
  type NewApiKey,
} from '../../../shared/access/key-store.ts';

/** The API keys in memory; counts how often it is asked for one. */
export class MemoryKeys implements KeyStore {
  readonly rows = new Map<string, ApiKey>();
  readonly counts = new Map<string, { readonly minute: number; readonly requests: number }>();
  readonly calls = { get: 0, use: 0 };

  async create(key: NewApiKey): Promise<boolean> {
    if (this.rows.has(key.id)) return false;
    this.rows.set(key.id, structuredClone(key));
    return true;
  }

  async get(id: string): Promise<ApiKey | undefined> {
    this.calls.get++;
    return structuredClone(this.rows.get(id));
  }

  async list({ limit, cursor }: KeyListRequest): Promise<KeyList> {
    checkLimit(limit);
    const after = cursor === undefined ? '' : idOfCursor(cursor);
    if (after === undefined) return { kind: 'cursor_refused' };
    const ids = [...this.rows.keys()].sort().filter((id) => id > after);
    const keys = ids.slice(0, limit).flatMap((id) => {
      const key = this.rows.get(id);
      return key === undefined ? [] : [structuredClone(viewOf(key))];
    });
    const last = keys.at(-1);
    return last !== undefined && ids.length > limit
      ? { kind: 'page', keys, nextCursor: cursorBehind(last.id) }
      : { kind: 'page', keys };
  }

  async revoke(id: string, at: number): Promise<ApiKeyView | undefined> {
    const key = this.rows.get(id);
    if (key === undefined) return undefined;
    const revoked = { ...key, revokedAt: key.revokedAt ?? at };
    this.rows.set(id, revoked);
    return structuredClone(viewOf(revoked));
  }

  async use(id: string, now: number): Promise<number> {
    this.calls.use++;
    const key = this.rows.get(id);
    if (key !== undefined) this.rows.set(id, { ...key, lastUsedAt: now });
    const known = this.counts.get(id);
    const minute = minuteOf(now);
    const isCounted = known !== undefined && known.minute >= minute && known.minute <= minute + 1;
    const counted = isCounted ? { ...known, requests: known.requests + 1 } : { minute, requests: 1 };
    this.counts.set(id, counted);
    return counted.requests;
  }
}
