import type { Json } from '../json.ts';
import type { ListParams, SentinelOneApi } from '../ports.ts';
import type { Position, Span, Window } from './stream.ts';

/** What a reading needs to fetch one page. */
export interface PageRequest {
  readonly api: SentinelOneApi;
  readonly window: Window;
  /** Undefined at the window's start. */
  readonly position: Position | undefined;
  /** `siteIds` and `accountIds`, where the connector names any. */
  readonly scope: ListParams;
  readonly signal: AbortSignal;
}

/** What a reading needs to tell whether a span holds anything. */
export interface SpanRequest {
  readonly api: SentinelOneApi;
  /** May be longer than an hour. */
  readonly span: Span;
  readonly scope: ListParams;
  readonly signal: AbortSignal;
}

/** One page of a walk. */
export interface Page {
  readonly records: readonly Json[];
  /** Where the walk goes on after this page. */
  readonly position: Position;
  /** True when nothing of the window follows. */
  readonly end: boolean;
  /** Records that the walk may have seen before a refused cursor: the engine drops those that are in the log already. */
  readonly mayRepeat: boolean;
  /** The console's own count for the whole window, where this page told it. */
  readonly consoleTotal?: number;
}

/** A way of reading a data set. The engine drives any of them; a content type declares one. */
export interface Reading {
  /** Fetches the page after `position`. Throws `ConnectorError`. */
  readPage(request: PageRequest): Promise<Page>;
  /** One request that tells whether the console has nothing at all in the span; false when in doubt. Throws as `readPage`. */
  isEmpty(request: SpanRequest): Promise<boolean>;
  /** The next cursor was refused: the position from which the walk can go on without it. */
  resume(position: Position): Position;
  /**
   * A page was too large to be taken: the position from which the walk can go on with smaller ones, or undefined when a
   * page cannot be smaller.
   */
  smallerPages(position: Position | undefined, window: Window): Position | undefined;
  /** Epoch milliseconds of the key by which the walk is sorted, of a vendor object or of a log line made from it. */
  sortKey(record: Json): number | undefined;
}
