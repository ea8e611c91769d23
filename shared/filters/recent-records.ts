import type { StreamId } from '../engine/stream.ts';
import type { JsonObject } from '../json.ts';

/** Records of a stream that are in the lake. */
export interface RecentRecords {
  readonly records: readonly JsonObject[];
  /** True where there are more than could be read. */
  readonly isPart: boolean;
}

/** What a dry run reads. */
export interface RecentRecordsReader {
  /**
   * What lies in the lake of an hour and the one before it, the newest entries first, up to some bound.
   * @param now epoch milliseconds, in the hour
   */
  read(stream: StreamId, now: number): Promise<RecentRecords>;
}
