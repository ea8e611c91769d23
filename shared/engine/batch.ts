import type { EntryBody, LakeLog } from '../ports.ts';
import type { FilteredBy } from './filtered-by.ts';
import type { RecordLine } from './log-entry.ts';
import type { Mark } from './reading.ts';
import type { Position } from './stream.ts';

/** When a batch is full: whichever comes first. */
export interface BatchLimits {
  /** UTF-16 length of the record lines, close enough to bytes for a limit. */
  readonly bytes: number;
  readonly pages: number;
}

/** The records between two entries of the log, with their derived records, as they are collected page by page. */
export class Batch {
  readonly body: EntryBody;
  readonly derivedBody: EntryBody;
  read = 0;
  pages = 0;
  /** After the newest page in the batch. */
  position: Position | undefined;
  readonly marks: Mark[] = [];
  /** Of dropped records, for `Remembering.applyDropped`. */
  readonly droppedMarks: Mark[] = [];
  /** `record_uid`s of the records that filters dropped. */
  readonly droppedUids: string[] = [];
  private readonly dropped = new Map<string, number>();
  private length = 0;

  constructor(lake: LakeLog) {
    this.body = lake.newBody();
    this.derivedBody = lake.newBody();
  }

  add(line: RecordLine, derived: RecordLine | undefined): void {
    this.read += 1;
    this.body.add(line);
    this.length += line.length;
    if (derived !== undefined) this.derivedBody.add(derived);
  }

  /** Counts a record as read that is not written. */
  drop(uid: string, filter: string): void {
    this.read += 1;
    this.droppedUids.push(uid);
    this.dropped.set(filter, (this.dropped.get(filter) ?? 0) + 1);
  }

  /** How many records each filter dropped; empty where none did. */
  get filteredBy(): FilteredBy {
    return Object.fromEntries(this.dropped);
  }

  /** Notes what is to be remembered of the record that was added last. */
  mark(mark: Mark | undefined): void {
    if (mark !== undefined) this.marks.push(mark);
  }

  endPage(position: Position): void {
    this.pages += 1;
    this.position = position;
    this.body.endPage();
    this.derivedBody.endPage();
  }

  isFull(limits: BatchLimits): boolean {
    return this.length >= limits.bytes || this.pages >= limits.pages;
  }
}
