import type { ConnectorError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ListParams, Log, MemoryStore, SentinelOneApi } from '../ports.ts';
import type { LogEntryId } from './log-entry.ts';
import type { Position, Span, StreamId, Window } from './stream.ts';

/** What a reading may use. */
export interface ReadingContext {
  readonly api: SentinelOneApi;
  readonly stream: StreamId;
  /** Where the stream's first window began, epoch milliseconds. */
  readonly since: number;
  /** `siteIds` and `accountIds`, where the connector names any. */
  readonly scope: ListParams;
  /** What the connector says about how this content type is read; empty where it says nothing. */
  readonly options: JsonObject;
  /** What was made from the log of this stream by `Reading.remember`. */
  readonly memory: MemoryStore;
  readonly log: Log;
  /** Kept from page to page of a walk, and gone with it: what is asked for once and needed often. */
  readonly cache: Map<string, Json>;
  /** The present by the console's clock, as far as it is known. Epoch milliseconds. */
  now(): number;
  /** What happened before this time is shown by now. Epoch milliseconds. */
  settled(): number;
  /** Resolves after the time, or rejects when the signal is aborted. For waits of a few seconds, within one page. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What a reading needs to fetch one page. */
export interface PageRequest extends ReadingContext {
  readonly window: Window;
  /** Undefined at the window's start, where nothing was carried over from the one before. */
  readonly position: Position | undefined;
  readonly signal: AbortSignal;
}

/** What a reading needs to tell whether a span holds anything. */
export interface SpanRequest extends ReadingContext {
  /** May be longer than an hour. */
  readonly span: Span;
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
  /** True where the walk has come further although there may be no record: such pages are no circle. */
  readonly advances?: boolean;
  /** What the console has and does not give, one sentence with what to do about it. */
  readonly incomplete?: ConnectorError;
  /**
   * The console is not done with what it was asked for: the walk goes on after so many milliseconds. What the page says is
   * stored before, so that a worker that dies meanwhile costs nothing.
   */
  readonly resumeInMs?: number;
  /**
   * True where the next page sets something off at the console: it is not asked for before what was read up to here is kept, so
   * that nothing comes between its answer and the write that notes it.
   */
  readonly keepFirst?: true;
}

/** What stays of a record when the log is made into memory. */
export interface Mark {
  readonly key: string;
  readonly value: JsonObject;
}

/** How a reading remembers what is in the log, beyond a walk's position: by parent, or by record. */
export interface Remembering {
  /** What is to be remembered of a record of the log; undefined for nothing. */
  mark(record: JsonObject): Mark | undefined;
  /**
   * Brings the memory up to an entry of the log. Called before the entry is committed, and again for the same entry when
   * that was interrupted, so doing it twice must be the same as once.
   */
  apply(entry: LogEntryId, marks: readonly Mark[], memory: MemoryStore): Promise<void>;
  /**
   * What is to be remembered of a record that a log filter drops, once the worker's own entry is in the log. An entry that
   * another worker wrote does not tell what it dropped: such records are missing, come again, and are judged again. So nothing
   * that is made of the log alone may depend on it. Without this and `applyDropped` none is remembered: what is remembered is
   * then what is in the lake.
   */
  markDropped?(record: JsonObject): Mark | undefined;
  /**
   * Brings the memory up to records that a filter drops, before the entry that passes them is in the log: for what must be
   * asked for again although no line of the log tells of it. None can be missing then; some may be there of a worker that died
   * before its entry. The same rules as for `apply`, and what `apply` says of the same window counts more.
   */
  applyDropped?(entry: LogEntryId, marks: readonly Mark[], memory: MemoryStore): Promise<void>;
}

/** A way of reading a data set. The engine drives any of them; a content type declares one. */
export interface Reading {
  /** Fetches the page after `position`. Throws `ConnectorError`. */
  readPage(request: PageRequest): Promise<Page>;
  /** At most one request that tells whether the console has nothing at all in the span; false when in doubt. Throws as `readPage`. */
  isEmpty(request: SpanRequest): Promise<boolean>;
  /** The next cursor was refused: the position from which the walk can go on without it. */
  resume(position: Position, window: Window): Position;
  /**
   * A page was too large to be taken: the position from which the walk can go on with smaller ones, or undefined when a
   * page cannot be smaller.
   */
  smallerPages(position: Position | undefined, window: Window): Position | undefined;
  /**
   * Epoch milliseconds of the key by which the walk is sorted, of a vendor object or of a log line made from it; undefined
   * where it has none, or where the walk is not sorted by a time.
   */
  sortKey(record: Json): number | undefined;
  readonly remember?: Remembering;
  /**
   * True where the position at a window's end is a help for the window that follows: it is handed on, and it may be lost.
   */
  readonly carriesOver?: true;
  /**
   * True where a window of any time ago can be read by itself, with no more than its own position: then the time before a connector's
   * beginning can be read beside what happens now.
   */
  readonly readsPast?: true;
  /** True where the console wants a pause between one window's first page and the next, or between two tries. */
  readonly isPaced?: true;
  /**
   * Where another reading of the same data can go on in the window, epoch milliseconds: all that is before is in the log, and
   * of what follows at most what has this very time. Absent where it does not read in the order of time.
   */
  reached?(position: Position, window: Window): number;
  /** The position from which it reads what is not before the time. */
  beginAt?(time: number, window: Window): Position;
}
