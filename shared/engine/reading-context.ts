import type { HeldStream } from './held-stream.ts';
import type { ReadingContext } from './reading.ts';
import { scopeOf } from './scope.ts';
import type { Slice } from './slice.ts';

/** What the reading of the slice's content type may use. */
export function readingContext(held: HeldStream, slice: Slice): ReadingContext {
  const { id, since, settings } = held.stream;
  const { session, memory, log, sleep } = slice;
  return {
    api: session.api,
    stream: id,
    since,
    scope: scopeOf(settings),
    options: settings.options ?? {},
    memory,
    log,
    now: () => session.now(),
    sleep,
  };
}
