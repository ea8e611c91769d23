import type { ContentType } from '../../shared/content-types/content-type.ts';
import type { Check, Judgement, LakeRecord } from './check.ts';
import type { ComparedStream } from './compare.ts';
import { holds } from './fingerprint.ts';
import type { KnownRevisions } from './known-revision.ts';

/** A console may show a change so long after its time, milliseconds: neither missed nor read again before that. */
const lateMs = 60_000;
/** Longer than it takes from the first request to the first records in the lake, milliseconds. */
const firstBatchMs = 15 * 60_000;

/** One list as it is in the lake. It belongs to the window in which it was begun. */
interface Snapshot {
  /** The start of the window. */
  readonly from: number;
  /** What had changed by then is in it as it was then; epoch milliseconds. */
  readonly asOf: number;
  /** When its last record was written, as far as is known. */
  until: number;
  /** How often each id is there. */
  readonly found: Map<string, number>;
}

/**
 * Every list that was read before the watermark has each record once: those that there were when it was begun, and none as it
 * was before its last change by then.
 */
export function snapshotCheck(type: ContentType, stream: ComparedStream, known: KnownRevisions): Check {
  const snapshots = new Map<number, Snapshot>();

  function snapshotOf({ window, record }: LakeRecord): Snapshot {
    const { from } = window;
    const written = Number(record['write_time']);
    const begun = Number.isFinite(written) ? Math.max(from, written - firstBatchMs) : from;
    const snapshot = snapshots.get(from) ?? { from, asOf: begun - lateMs, until: begun, found: new Map() };
    if (written > snapshot.until) snapshot.until = written;
    snapshots.set(from, snapshot);
    return snapshot;
  }

  function see(line: LakeRecord): Judgement {
    const { key, window, record } = line;
    const { id } = type.identity(record, window);
    const { asOf, found } = snapshotOf(line);
    found.set(id, (found.get(id) ?? 0) + 1);
    const time = new Date(window.from).toISOString();
    const revisions = known.get(id);
    if (revisions === undefined)
      return { problem: `${id} is there, but the console never showed it (${key})`, time };
    const last = revisions.findLastIndex(({ closes, fingerprint }) => !closes && holds(record, fingerprint));
    if (last < 0) return { problem: `${id} is not what the console shows (${key})`, time };
    const next = revisions[last + 1];
    if (next !== undefined && Date.parse(next.time) < asOf)
      return { problem: `${id} is older than the list that it is in (${key})`, time };
    return { time };
  }

  function end() {
    const problems: string[] = [];
    let required = 0;
    let lists = 0;
    for (const { from, asOf, until, found } of snapshots.values()) {
      const list = `the list of ${new Date(from).toISOString()}`;
      for (const [id, times] of found) if (times > 1) problems.push(`${id} is ${times} times in ${list}`);
      if (from >= stream.watermark) continue;
      lists += 1;
      for (const [id, revisions] of known) {
        const [first] = revisions;
        if (first === undefined || Date.parse(first.time) >= asOf) continue;
        // It may have been gone before the list came to it.
        if (revisions.some(({ closes, time }) => closes && Date.parse(time) <= until)) continue;
        required += 1;
        if (!found.has(id)) problems.push(`${id} is missing in ${list}`);
      }
    }
    if (lists === 0 && known.size > 0 && stream.watermark > stream.since) problems.push('no list is there');
    return { problems, required };
  }

  return { alsoOf: [], see, end };
}
