import type { SentinelOneApi } from '../../shared/ports.ts';

/** A console that only lists. */
export function listOnly(list: SentinelOneApi['list']): SentinelOneApi {
  return { list, request: () => Promise.reject(new Error('Only lists are asked for here.')) };
}
