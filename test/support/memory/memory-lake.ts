import { gunzipSync } from 'node:zlib';
import { entryKey } from '../../../shared/engine/entry-key.ts';
import type { LogEntryHeader, LogEntryId } from '../../../shared/engine/log-entry.ts';
import type { AppendOutcome, LakeLog } from '../../../shared/ports.ts';

interface MemoryEntry {
  readonly header: LogEntryHeader;
  readonly body: Uint8Array;
  readonly lines: readonly string[];
}

/** The landing zone in memory. Keys as in the lake. */
export class MemoryLake implements LakeLog {
  readonly entries = new Map<string, MemoryEntry>();

  async append(id: LogEntryId, header: LogEntryHeader, body: Uint8Array): Promise<AppendOutcome> {
    const key = entryKey(id);
    if (this.entries.has(key)) return { kind: 'exists' };
    const text = gunzipSync(body).toString();
    this.entries.set(key, { header, body, lines: text === '' ? [] : text.trimEnd().split('\n') });
    return { kind: 'appended' };
  }

  async header(id: LogEntryId): Promise<LogEntryHeader | undefined> {
    return this.entries.get(entryKey(id))?.header;
  }

  async body(id: LogEntryId): Promise<Uint8Array> {
    const entry = this.entries.get(entryKey(id));
    if (entry === undefined) throw new Error(`There is no entry ${entryKey(id)}.`);
    return entry.body;
  }
}
