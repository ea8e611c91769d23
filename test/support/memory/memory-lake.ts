import { entryKey } from '../../../shared/engine/entry-key.ts';
import type { LogEntryHeader, LogEntryId } from '../../../shared/engine/log-entry.ts';
import type { AppendOutcome, EntryBody, LakeLog } from '../../../shared/ports.ts';

interface MemoryEntry {
  readonly id: LogEntryId;
  readonly header: LogEntryHeader;
  readonly lines: readonly string[];
}

/** The landing zone in memory. Keys as in the lake; bodies are plain NDJSON. */
export class MemoryLake implements LakeLog {
  readonly entries = new Map<string, MemoryEntry>();

  newBody(): EntryBody {
    return new MemoryBody();
  }

  async append(id: LogEntryId, header: LogEntryHeader, body: Uint8Array): Promise<AppendOutcome> {
    const key = entryKey(id);
    if (this.entries.has(key)) return { kind: 'exists' };
    const text = Buffer.from(body).toString();
    this.entries.set(key, { id, header, lines: text === '' ? [] : text.trimEnd().split('\n') });
    return { kind: 'appended' };
  }

  async header(id: LogEntryId): Promise<LogEntryHeader | undefined> {
    return this.entries.get(entryKey(id))?.header;
  }

  async lines(id: LogEntryId): Promise<readonly string[]> {
    const entry = this.entries.get(entryKey(id));
    if (entry === undefined) throw new Error(`There is no entry ${entryKey(id)}.`);
    return entry.lines;
  }
}

class MemoryBody implements EntryBody {
  count = 0;
  private text = '';

  add(line: string): void {
    this.count += 1;
    this.text += `${line}\n`;
  }

  endPage(): void {}

  async finish(): Promise<Uint8Array> {
    return Buffer.from(this.text);
  }
}
