import type { StreamStore } from '../../../shared/ports.ts';

/** Two hours, no more: further back a backlog would begin. */
export const start = { since: '2026-11-24T08:00:00Z', now: '2026-11-24T10:01:00Z' };
export const sorted = (ids: readonly string[]) => [...ids].sort();

/** The store, and how often a stream was written through it. */
export function countingWrites(store: StreamStore): { streams: StreamStore; writes: () => number } {
  let writes = 0;
  const streams = unlike(store, {
    acquire: (...args) => {
      writes += 1;
      return store.acquire(...args);
    },
    update: (...args) => {
      writes += 1;
      return store.update(...args);
    },
  });
  return { streams, writes: () => writes };
}

export function unlike<T extends object>(target: T, changed: Partial<T>): T {
  return Object.assign(Object.create(target), changed);
}
