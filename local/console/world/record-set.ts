import type { JsonObject } from '../../../shared/json.ts';
import type { Timeline } from './timeline.ts';

/** One kind of record. Records are numbered from 0 in the order of creation, and their ids ascend with the number. */
export interface RecordSet {
  readonly timeline: Timeline;
  id(record: number): string;
  /** The record number, or -1. */
  find(id: string): number;
  /** Microseconds. */
  createdUs(record: number): number;
  /** Null where the record belongs to no site. */
  siteId(record: number): string | null;
  accountId(record: number): string | null;
  groupId(record: number): string | null;
  /** Microseconds after its time at which a revision becomes visible; absent where that is at once. */
  delayUs?(record: number): number;
  /** The record as the API answers it, in the revision of this row. */
  body(row: number): JsonObject;
}
