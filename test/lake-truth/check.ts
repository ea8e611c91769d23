import type { Window } from '../../shared/engine/stream.ts';
import type { JsonObject } from '../../shared/json.ts';

/** A record of the lake. */
export interface LakeRecord {
  /** Of the object that holds it. */
  readonly key: string;
  /** The content type whose stream wrote it. */
  readonly contentType: string;
  /** In which it was read, as far as the key tells: only its start. */
  readonly window: Window;
  readonly record: JsonObject;
}

/** What is wrong with a record, if anything, and its time where there is one. */
export interface Judgement {
  readonly problem?: string;
  /** ISO-8601. */
  readonly time?: string;
}

/** Judges the records of one stream in one index of the lake, one after the other. */
export interface Check {
  /** Content types whose records it wants to see besides the stream's own, in the same index. */
  readonly alsoOf: readonly string[];
  see(record: LakeRecord): Judgement;
  /** When all have been seen: what is missing or there too often, and how much had to be there. */
  end(): { readonly problems: readonly string[]; readonly required: number };
}
