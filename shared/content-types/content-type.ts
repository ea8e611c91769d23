import type { LakeIndex } from '../engine/log-entry.ts';
import type { Reading } from '../engine/reading.ts';
import type { StreamId, StreamSettings, Window } from '../engine/stream.ts';
import type { JsonObject } from '../json.ts';
import type { ListParams, SentinelOneApi } from '../ports.ts';

/** What a record says about where it comes from; the same for all records of a window. */
export interface RecordSource {
  readonly stream: StreamId;
  readonly settings: StreamSettings;
  /** `https://acme.sentinelone.net`, without a path. */
  readonly hostUrl: string;
  /** The window in which the console showed it. */
  readonly window: Window;
  /** When the batch is written, epoch milliseconds. */
  readonly writeTime: number;
}

/** Which record this is, and which revision of it. */
export interface RecordIdentity {
  readonly id: string;
  readonly revision: string;
}

/** Something that a connector may say about how a content type is read. */
export interface ContentTypeOption {
  readonly name: string;
  /** What it may be, where there are only so many. */
  readonly choices?: readonly string[];
  /** What it may be, in words, where there are no `choices`. */
  readonly form?: string;
  readonly meaning: string;
}

/** A second record made from a line of the log, in another index. A pure function of the line and the connector's options. */
export interface Derived {
  readonly index: LakeIndex;
  /** The option of the content type without which none is made; absent where one always is. */
  readonly switchedOnBy?: string;
  readonly derive: (record: JsonObject, options: JsonObject) => JsonObject;
}

/** What a probe may use. */
export interface ProbeRequest {
  readonly api: SentinelOneApi;
  /** `siteIds` and `accountIds`, where the connector names any. */
  readonly scope: ListParams;
  /** What the connector says about how this content type is read; empty where it says nothing. */
  readonly options: JsonObject;
  readonly signal: AbortSignal;
}

/** What the console shows of a content type at the moment. */
export interface ProbeAnswer {
  /** Epoch milliseconds, by the time that exists as an order of the list; absent where there is no record, or none is known. */
  readonly newestAt?: number;
  /** What else there is to know, a clause that stands by itself; where there is no `newestAt`, why. */
  readonly note?: string;
}

/**
 * Asks the cheapest question that tells whether the token may read a content type, whether the licence has it, and how new
 * its newest record is. At most three requests, none of which changes or starts anything at the console. Throws
 * `ConnectorError`.
 */
export type Probe = (request: ProbeRequest) => Promise<ProbeAnswer>;

/**
 * A content type is a declaration: what it is, how it is read, and what its records look like. The engine asks
 * it, and never asks which one it is. Adding one: CONTRIBUTING.md.
 */
export interface ContentType {
  /** kebab-case, as users type it. */
  readonly id: string;
  readonly label: string;
  readonly msgClass: string;
  readonly index: LakeIndex;
  /** The console permission that the token's role needs, in the console's own words. */
  readonly permission: string;
  readonly defaultIntervalMs: number;
  /**
   * True where the connector's interval does not make it be read more often, because every reading costs revisions or requests
   * for all that there is, and not for what is new. Its own option `intervalMinutes` does.
   */
  readonly keepsPace?: true;
  /** How far behind the present a window ends, because the console shows a change only so long after its time stamp. */
  readonly settleMs: number;
  /** Why so long, and what happens to what comes later; one or two sentences for docs/content-types.md. */
  readonly lateBecause: string;
  /** What a run costs in requests to the console, for the same page. */
  readonly costs: string;
  /** Why the connector's sites cannot be a limit for it, one sentence; absent where they are one. */
  readonly sitesRefused?: string;
  /** What the connector's `options` may say about this content type, for the same page. */
  readonly options?: readonly ContentTypeOption[];
  readonly reading: Reading;
  /** How the connectivity test asks whether it can be read. */
  readonly probe: Probe;
  /**
   * What tells a record from all others: two with one identity are one record, and are written once. The revision is what
   * the console says about it, or, of a type that does not say, the window in which it was read. Throws a plain Error naming
   * the field when the object has no usable id or revision.
   */
  readonly identity: (vendor: JsonObject, window: Window) => RecordIdentity;
  /** When it happened, epoch milliseconds; undefined when no field of the object tells. */
  readonly eventTime: (vendor: JsonObject) => number | undefined;
  /** The normalised Interflow fields, without the envelope. Absent where the source has no value. */
  readonly normalize: (vendor: JsonObject) => JsonObject;
  readonly derived?: Derived;
  /** True where objects hold secrets of the console (tokens, keys): their values are replaced before anything else. */
  readonly hasSecrets?: true;
  /** Content types that are read besides it: another way to the same data, with a due time of its own. */
  readonly companions?: readonly string[];
}
