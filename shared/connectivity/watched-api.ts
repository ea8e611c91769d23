import { ConnectorError } from '../errors.ts';
import type { SentinelOneApi } from '../ports.ts';
import { pacedPath } from '../sentinelone/api.ts';

/** A console with a note of how its rate limits took it. */
export interface WatchedApi {
  readonly api: SentinelOneApi;
  /** Under which paths the rate of the requests is counted, so far. */
  readonly paths: ReadonlySet<string>;
  /** Refusals because of too many requests, so far. */
  readonly throttled: readonly ConnectorError[];
}

export function watchedApi({ list, request }: SentinelOneApi): WatchedApi {
  const paths = new Set<string>();
  const throttled: ConnectorError[] = [];
  function note(error: unknown): never {
    if (error instanceof ConnectorError && error.health === 'throttled') throttled.push(error);
    throw error;
  }
  return {
    paths,
    throttled,
    api: {
      list(path, params, signal) {
        paths.add(pacedPath({ path }));
        return list(path, params, signal).catch(note);
      },
      request(asked, signal) {
        paths.add(pacedPath(asked));
        return request(asked, signal).catch(note);
      },
    },
  };
}
