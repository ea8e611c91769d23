import { isObject, type Json } from '../json.ts';
import type { LakeLog } from '../ports.ts';
import { parseLossless } from '../sentinelone/lossless-json.ts';
import type { LogEntryId } from './log-entry.ts';
import type { Reading } from './reading.ts';

/**
 * Remembers the records at the newest sort key of a walk. An ascending walk can only meet a record twice where it is
 * resumed at that key, or where a console hands out pages in a circle.
 */
export class Repeats {
  private newestKey = Number.NEGATIVE_INFINITY;
  private readonly uids = new Set<string>();
  /** Records whose key cannot be read may come again whatever the walk's key is. */
  private readonly keylessUids = new Set<string>();

  /**
   * True when this revision was seen before; remembers it otherwise.
   * @param key the record's sort key, epoch milliseconds
   * @param record as it stands in the log, with its `record_uid`
   */
  isRepeat(key: number | undefined, record: Json): boolean {
    const uid = uidOf(record);
    if (uid === undefined) return false;
    if (key !== undefined && key > this.newestKey) {
      this.newestKey = key;
      this.uids.clear();
    }
    const seen = key === undefined ? this.keylessUids : this.uids;
    if (seen.has(uid)) return true;
    seen.add(uid);
    return false;
  }

  /**
   * Learns from the log what a resumed walk can meet again: the records at the log's newest key, which may reach back
   * over several entries of the window. Kept in the log only, because a position must fit into an object's metadata. What a log
   * filter dropped is in no entry: it is judged again, and counted again.
   * @param newest the newest entry of the window
   */
  async learn(lake: LakeLog, reading: Reading, newest: LogEntryId): Promise<void> {
    for (let batch = newest.batch; batch >= 0; batch--) {
      const records = (await lake.lines({ ...newest, batch })).map((line) => parseLossless(line));
      const keys = records.map(reading.sortKey);
      for (const key of keys) if (key !== undefined && key > this.newestKey) this.newestKey = key;
      records.forEach((record, i) => {
        const uid = uidOf(record);
        if (uid === undefined) return;
        if (keys[i] === undefined) this.keylessUids.add(uid);
        else if (keys[i] === this.newestKey) this.uids.add(uid);
      });
      if (keys.some((key) => key !== undefined && key < this.newestKey)) return;
    }
  }
}

function uidOf(record: Json): string | undefined {
  if (!isObject(record)) return undefined;
  const uid = record['record_uid'];
  return typeof uid === 'string' ? uid : undefined;
}
