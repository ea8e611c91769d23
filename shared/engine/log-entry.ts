import type { Position, StreamId, Window } from './stream.ts';

/** The lake's indices, after the names that users of Interflow search in. */
export type LakeIndex = 'assets' | 'syslog' | 'alerts' | 'scans' | 'audit';

/**
 * One object of the landing zone. Its place is fixed by stream, window and batch number, so two workers at
 * the same point of the log always want the same key, and the store lets only one of them have it.
 */
export interface LogEntryId {
  readonly stream: StreamId;
  readonly index: LakeIndex;
  readonly msgClass: string;
  readonly window: Window;
  readonly batch: number;
}

/** What the entry says about the log: where its reader stood after it. Kept in the object's metadata. */
export interface LogEntryHeader {
  readonly window: Window;
  readonly batch: number;
  /** Where the walk goes on after this entry. */
  readonly position: Position;
  /** True on the last entry of a window; nothing may follow it. */
  readonly end: boolean;
  readonly read: number;
  readonly written: number;
  readonly filtered: number;
  readonly pages: number;
  /** The fence of the worker that wrote it; for people who look into the lake, never used for decisions. */
  readonly fence: number;
}

/** A record's line in an entry: one JSON text, without the line feed. */
export type RecordLine = string;
