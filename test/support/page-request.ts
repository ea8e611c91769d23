import type { PageRequest } from '../../shared/engine/reading.ts';
import type { SentinelOneApi } from '../../shared/ports.ts';
import { MemoryMemory } from './memory/memory-memory.ts';

const ignore = () => undefined;

/** A request for the first page of a window, as the engine would make it. */
export function pageRequest(
  api: SentinelOneApi,
  window: PageRequest['window'],
  change: Partial<PageRequest> = {},
): PageRequest {
  return {
    api,
    window,
    position: undefined,
    stream: { tenant: 'acme', connector: 'edr', contentType: 'items' },
    since: window.from,
    scope: {},
    options: {},
    cache: new Map(),
    memory: new MemoryMemory(),
    log: { info: ignore, warn: ignore, error: ignore },
    now: () => window.to,
    settled: () => window.to,
    sleep: async () => undefined,
    signal: new AbortController().signal,
    ...change,
  };
}
