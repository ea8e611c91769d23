import type { LakeIndex } from '../engine/log-entry.ts';
import type { Reading } from '../engine/reading.ts';
import type { StreamId, StreamSettings } from '../engine/stream.ts';
import type { JsonObject } from '../json.ts';

/** What a record says about where it comes from; the same for all records of a slice. */
export interface RecordSource {
  readonly stream: StreamId;
  readonly settings: StreamSettings;
  /** `https://acme.sentinelone.net`, without a path. */
  readonly hostUrl: string;
  /** When the batch is written, epoch milliseconds. */
  readonly writeTime: number;
}

/** Which record this is, and which revision of it. Both exactly as the console wrote them. */
export interface RecordIdentity {
  readonly id: string;
  readonly revision: string;
}

/** A second record made from a line of the log, in another index. A pure function of the line. */
export interface Derived {
  readonly index: LakeIndex;
  readonly derive: (record: JsonObject) => JsonObject;
}

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
  /** How far behind the present a window ends, because the console shows a change only so long after its time stamp. */
  readonly settleMs: number;
  readonly reading: Reading;
  /** Throws a plain Error naming the field when the object has no usable id or revision. */
  readonly identity: (vendor: JsonObject) => RecordIdentity;
  /** When it happened, epoch milliseconds; undefined when no field of the object tells. */
  readonly eventTime: (vendor: JsonObject) => number | undefined;
  /** The normalised Interflow fields, without the envelope. Absent where the source has no value. */
  readonly normalize: (vendor: JsonObject) => JsonObject;
  readonly derived?: Derived;
}
