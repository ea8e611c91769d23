import type { HeldStream } from './held-stream.ts';
import type { ReadingContext } from './reading.ts';
import { scopeOf } from './scope.ts';
import type { Slice } from './slice.ts';

/** What the reading of the slice's content type may use. */
export function readingContext(
  held: HeldStream,
  slice: Slice,
  cache: ReadingContext['cache'] = new Map(),
): ReadingContext {
  const { id, since, settings } = held.stream;
  const { contentType, session, memory, log, sleep } = slice;
  return {
    api: session.api,
    stream: id,
    since,
    scope: scopeOf(contentType, settings),
    options: settings.options ?? {},
    cache,
    memory,
    log,
    now: () => session.now(),
    settled: () => session.now() - contentType.settleMs,
    sleep,
  };
}
