import type { Health } from '../errors.ts';
import type { LogFilter } from '../filters/log-filter.ts';
import type { JsonObject } from '../json.ts';
import type { FilteredBy } from './filtered-by.ts';
import type { Recent } from './recent.ts';

/** A stream is one content type of one connector of one tenant; the unit of work and of state. */
export interface StreamId {
  readonly tenant: string;
  readonly connector: string;
  readonly contentType: string;
  /** Of a stream that reads a time before the connector's beginning, beside the live one: `b1`, `b2`, … */
  readonly part?: string;
}

/** `tenant/connector/contentType`, and `/part` where there is one, for logs, hashes and messages. None of them may hold a slash. */
export function streamName({ tenant, connector, contentType, part }: StreamId): string {
  return [tenant, connector, contentType, ...(part === undefined ? [] : [part])].join('/');
}

/** A half-open span `[from, to)` in epoch milliseconds that lies within one UTC hour. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A half-open span `[from, to)` in epoch milliseconds, of any length. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How far the reading of a window has come. Opaque to the engine, owned by the content type's reading. */
export type Position = JsonObject;

/** What was done in a window so far. `read = written + filtered`; see docs/decisions/0010-log-filters.md for what `filtered` counts. */
export interface WindowCounters {
  /** Records that the console returned, without those that a resumed walk saw a second time. */
  readonly read: number;
  /** Records in the lake's log (not counting derived ones). */
  readonly written: number;
  /** Records that a log filter dropped. */
  readonly filtered: number;
  /** The same by filter; the sum is `filtered`. Absent where nothing was dropped. */
  readonly filteredBy?: FilteredBy;
  readonly pages: number;
  /** How long the console or the way to it made the stream wait for this window, milliseconds. */
  readonly throttledMs: number;
  /** The console's own count for the window when it was first asked, where it told one. */
  readonly consoleTotal?: number;
}

export const noCounters: WindowCounters = { read: 0, written: 0, filtered: 0, pages: 0, throttledMs: 0 };

/** Everything since the stream was created. */
export interface StreamTotals {
  readonly records: number;
  readonly filtered: number;
  /** The same by filter; the sum is `filtered`. Absent where nothing was dropped. */
  readonly filteredBy?: FilteredBy;
  readonly batches: number;
  /** Closed windows that left an entry in the lake; nearly all of them had a record. */
  readonly windows: number;
  /** How often the console or the network made us wait. */
  readonly throttled: number;
  /** The same of the last hours and days; absent where nothing has happened yet. */
  readonly recent?: Recent;
  /** When a record was last written, epoch milliseconds. */
  readonly lastDataAt?: number;
}

export const noTotals: StreamTotals = { records: 0, filtered: 0, batches: 0, windows: 0, throttled: 0 };

/** The truth about a stream: what happened last and what to do about it. Times in epoch milliseconds. */
export interface StreamStatus {
  readonly health: Health;
  /** When the stream came into this health. */
  readonly since: number;
  /** When this was last confirmed. */
  readonly at: number;
  readonly lastSuccessAt?: number;
  /** Failed slices in a row; 0 when the last one worked. */
  readonly failures: number;
  /** Of the last failure; absent when healthy. */
  readonly code?: string;
  readonly httpStatus?: number;
  readonly message?: string;
  readonly recommendation?: string;
  /** When the next try is planned. */
  readonly nextTryAt?: number;
}

/** What a stream must know of its connector to work without another read. Copied there when the connector is saved. */
export interface StreamSettings {
  readonly tenantName: string;
  readonly connectorName: string;
  readonly intervalMs: number;
  readonly siteIds: readonly string[];
  readonly accountIds: readonly string[];
  /** How this content type is read, where the connector says so. */
  readonly options?: JsonObject;
  /** Where the stream ends, epoch milliseconds; it goes on for ever where absent. */
  readonly until?: number;
  /** Those of the connector's filters that apply to this content type (`filtersFor`); absent where none does. */
  readonly filters?: readonly LogFilter[];
}

/** The state item of a stream (see docs/architecture.md, "The batch log"). */
export interface Stream {
  readonly id: StreamId;
  /** Raised by every acquire; whoever holds a lower one may change nothing. */
  readonly fence: number;
  /** Fenced writes since the fence was taken; lets a holder recognise its own write whose answer was lost. */
  readonly step: number;
  /** Epoch milliseconds until which the holder owns the stream; 0 when nobody does. */
  readonly leaseUntil: number;
  /** Where the stream's first window began. Epoch milliseconds. */
  readonly since: number;
  /** Slices begun since the last one that left a word: more than 1 means that workers die on this stream. */
  readonly attempts: number;
  /** Everything from `since` to this time is in the lake. Epoch milliseconds. */
  readonly watermark: number;
  /**
   * While a backlog is read: a span ahead of the watermark that is in the lake as well, so that new data need not wait for
   * the old. When the watermark reaches it, it becomes part of what lies behind the watermark.
   */
  readonly ahead?: Span;
  /** The window that is being read; absent between windows. Set before the first batch of it is written. */
  readonly window?: Window;
  /** The number that the next batch of the window gets. */
  readonly batch: number;
  /** After batch - 1; absent at a window's start. */
  readonly position?: Position;
  readonly counters: WindowCounters;
  readonly totals: StreamTotals;
  /** Absent where the stream has ended: it is due no more, and messages about it are dropped. */
  readonly nextDueAt?: number;
  /** Since when nobody is to work on it, epoch milliseconds; absent where it is on the schedule. */
  readonly pausedAt?: number;
  readonly status: StreamStatus;
  readonly settings: StreamSettings;
}

/** What a holder may change in one fenced write. `null` removes the attribute. */
export interface StreamChange {
  readonly leaseUntil?: number;
  readonly attempts?: number;
  readonly watermark?: number;
  readonly ahead?: Span | null;
  readonly window?: Window | null;
  readonly batch?: number;
  readonly position?: Position | null;
  readonly counters?: WindowCounters;
  readonly totals?: StreamTotals;
  readonly nextDueAt?: number | null;
  readonly status?: StreamStatus;
}
