import type { ContentType } from '../content-types/content-type.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { LakeLog, MemoryStore } from '../ports.ts';
import { deriveRecord } from '../records/derive-record.ts';
import { recordLine } from '../records/record-line.ts';
import { parseLossless } from '../sentinelone/lossless-json.ts';
import type { LogEntryHeader, LogEntryId } from './log-entry.ts';
import type { Mark } from './reading.ts';

interface DerivedEntry {
  readonly body: Uint8Array;
  readonly count: number;
}

/** What is to be written at one place of the log. */
export interface NewEntry {
  readonly id: LogEntryId;
  readonly header: LogEntryHeader;
  readonly body: Uint8Array;
  /** Undefined where the content type has no derived index or the entry no records for it. */
  readonly derived: DerivedEntry | undefined;
  /** What the reading wants to remember of its records. */
  readonly marks: readonly Mark[];
  /** The same of records that a filter drops, where that is wanted before the entry is there. */
  readonly droppedMarks: readonly Mark[];
  /** What the connector says about the content type. */
  readonly options: JsonObject;
}

/** Where entries and what is made from them go. */
export interface EntryDestination {
  readonly lake: LakeLog;
  readonly memory: MemoryStore;
  readonly contentType: ContentType;
}

export interface AppendedEntry {
  /** Of the entry that stands in the log now, whoever wrote it. */
  readonly header: LogEntryHeader;
  /** True when another try had written this place before; ours was not written. */
  readonly adopted: boolean;
}

/**
 * Puts the entry into the log, or adopts the one that is there already: then its position counts, not ours, because the
 * console may have answered the two tries differently. The derived index and the reading's memory are made from the entry
 * that won, before anybody commits it, so that they can be missing only while the entry itself is still uncommitted.
 */
export async function appendEntry(
  { lake, memory, contentType }: EntryDestination,
  entry: NewEntry,
): Promise<AppendedEntry> {
  const { remember } = contentType.reading;
  if (entry.droppedMarks.length > 0) await remember?.applyDropped?.(entry.id, entry.droppedMarks, memory);
  const outcome = await lake.append(entry.id, entry.header, entry.body);
  if (outcome.kind === 'appended') {
    await appendDerived(lake, contentType, entry.id, entry.header, entry.derived);
    await remember?.apply(entry.id, entry.marks, memory);
    return { header: entry.header, adopted: false };
  }
  const header = await lake.header(entry.id);
  if (header === undefined) {
    throw new Error(
      `The log has an entry at batch ${entry.id.batch} that cannot be read; was it deleted by hand?`,
    );
  }
  if (header.window.from !== entry.id.window.from || header.window.to !== entry.id.window.to) {
    throw new Error(
      `The log's entry at batch ${entry.id.batch} is of another window than the stream's state says.`,
    );
  }
  if ((contentType.derived !== undefined || remember !== undefined) && header.written > 0) {
    const records = (await lake.lines(entry.id)).map((line) => parseLossless(line)).filter(isObject);
    await appendDerived(
      lake,
      contentType,
      entry.id,
      header,
      await deriveEntry(lake, contentType, records, entry.options),
    );
    const marks = records.map((record) => remember?.mark(record)).filter((mark) => mark !== undefined);
    await remember?.apply(entry.id, marks, memory);
  }
  return { header, adopted: true };
}

async function appendDerived(
  lake: LakeLog,
  contentType: ContentType,
  id: LogEntryId,
  header: LogEntryHeader,
  derived: DerivedEntry | undefined,
): Promise<void> {
  if (contentType.derived === undefined || derived === undefined) return;
  const { count, body } = derived;
  // An existing one was made from the same entry by the same function: nothing to adopt.
  await lake.append({ ...id, index: contentType.derived.index }, { ...header, written: count }, body);
}

async function deriveEntry(
  lake: LakeLog,
  contentType: ContentType,
  records: readonly JsonObject[],
  options: JsonObject,
): Promise<DerivedEntry | undefined> {
  const body = lake.newBody();
  for (const record of records) {
    const derived = deriveRecord(contentType, record, options);
    if (derived !== undefined) body.add(recordLine(derived));
  }
  return body.count === 0 ? undefined : { body: await body.finish(), count: body.count };
}
