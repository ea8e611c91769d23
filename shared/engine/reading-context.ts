import { isObject, type JsonObject } from '../json.ts';
import { parseLossless } from '../sentinelone/lossless-json.ts';
import type { HeldStream } from './held-stream.ts';
import type { EntryRef, ReadingContext } from './reading.ts';
import { scopeOf } from './scope.ts';
import type { Slice } from './slice.ts';
import type { StreamId } from './stream.ts';

/** What the reading of the slice's content type may use. */
export function readingContext(
  held: HeldStream,
  slice: Slice,
  cache: ReadingContext['cache'] = new Map(),
): ReadingContext {
  const { id, since, settings } = held.stream;
  const { session, memory, log, sleep } = slice;
  return {
    api: session.api,
    stream: id,
    since,
    scope: scopeOf(settings),
    options: settings.options ?? {},
    cache,
    memory,
    logged: (entry) => recordsOf(entry, id, slice),
    log,
    now: () => session.now(),
    sleep,
  };
}

async function recordsOf(
  { from, batch }: EntryRef,
  stream: StreamId,
  { lake, contentType: { index, msgClass } }: Slice,
): Promise<readonly JsonObject[]> {
  // The key needs the window's start only.
  const entry = { stream, index, msgClass, window: { from, to: from }, batch };
  if ((await lake.header(entry)) === undefined) return [];
  return (await lake.lines(entry)).map((line) => parseLossless(line)).filter(isObject);
}
