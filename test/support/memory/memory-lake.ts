import { entryKey } from '../../../shared/engine/entry-key.ts';
import type { LogEntryHeader, LogEntryId, RecordLine } from '../../../shared/engine/log-entry.ts';
import type { AppendOutcome, LakeLog } from '../../../shared/ports.ts';

/** The landing zone in memory. Keys as in the lake. */
export class MemoryLake implements LakeLog {
  readonly entries = new Map<
    string,
    { readonly header: LogEntryHeader; readonly lines: readonly RecordLine[] }
  >();

  async append(id: LogEntryId, header: LogEntryHeader, lines: readonly RecordLine[]): Promise<AppendOutcome> {
    const key = entryKey(id);
    if (this.entries.has(key)) return { kind: 'exists' };
    this.entries.set(key, { header, lines: [...lines] });
    return { kind: 'appended' };
  }

  async header(id: LogEntryId): Promise<LogEntryHeader | undefined> {
    return this.entries.get(entryKey(id))?.header;
  }

  async lines(id: LogEntryId): Promise<readonly RecordLine[]> {
    const entry = this.entries.get(entryKey(id));
    if (entry === undefined) throw new Error(`There is no entry ${entryKey(id)}.`);
    return entry.lines;
  }
}
