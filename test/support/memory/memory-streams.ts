import type { StreamControl } from '../../../shared/connectors/stream-control.ts';
import { newStream, type StreamStart } from '../../../shared/engine/new-stream.ts';
import {
  type Stream,
  type StreamChange,
  type StreamId,
  type StreamStatus,
  streamName,
} from '../../../shared/engine/stream.ts';
import type {
  ConnectorStore,
  Due,
  DueIndex,
  DuePage,
  Lease,
  LedgerEntry,
  ReadOutcome,
  StreamStore,
  UpdateOutcome,
} from '../../../shared/ports.ts';

interface Row {
  version: number;
  /** What makes the row unreadable, where a test has damaged it. */
  malformed?: string;
  leaseOwner: string | undefined;
  stream: Stream;
}

/** The state table in memory: the ports of worker, fan-out and operator over one set of rows. */
export class MemoryStreams implements StreamStore, DueIndex, ConnectorStore, StreamControl {
  readonly rows = new Map<string, Row>();
  private readonly ledgerEntries = new Map<string, LedgerEntry>();
  private readonly pageSize: number;

  constructor(pageSize = 100) {
    this.pageSize = pageSize;
  }

  async read(id: StreamId): Promise<ReadOutcome> {
    const row = this.rows.get(streamName(id));
    if (row === undefined) return { kind: 'missing' };
    if (row.malformed !== undefined) return { kind: 'malformed', reason: row.malformed };
    if (row.version > 1) return { kind: 'newer', version: row.version };
    return { kind: 'found', stream: row.stream };
  }

  async acquire(seen: Stream, change: StreamChange, { owner, now, leaseMs }: Lease): Promise<UpdateOutcome> {
    const row = this.rows.get(streamName(seen.id));
    if (row === undefined) return { kind: 'lost' };
    const fence = seen.fence + 1;
    if (row.stream.fence === fence && row.stream.step === 0 && row.leaseOwner === owner)
      return { kind: 'updated', stream: row.stream };
    if (row.version > 1 || row.stream.leaseUntil > now) return { kind: 'lost' };
    if (row.stream.fence !== seen.fence || row.stream.step !== seen.step) return { kind: 'lost' };
    const until = now + leaseMs;
    row.leaseOwner = owner;
    row.stream = changed({ ...row.stream, leaseUntil: until, nextDueAt: until }, change, { fence, step: 0 });
    return { kind: 'updated', stream: row.stream };
  }

  async update(held: Stream, change: StreamChange): Promise<UpdateOutcome> {
    const row = this.rows.get(streamName(held.id));
    if (row === undefined || row.stream.fence !== held.fence) return { kind: 'lost' };
    if (row.stream.step === held.step + 1) return { kind: 'updated', stream: row.stream };
    if (row.stream.step !== held.step) return { kind: 'lost' };
    row.stream = changed(row.stream, change, { step: held.step + 1 });
    return { kind: 'updated', stream: row.stream };
  }

  async setAside(id: StreamId, status: StreamStatus, nextDueAt: number): Promise<void> {
    const row = this.rows.get(streamName(id));
    if (row === undefined) throw new Error(`There is no stream ${streamName(id)}.`);
    row.stream = { ...row.stream, status, nextDueAt };
  }

  async putLedgerEntry(entry: LedgerEntry): Promise<void> {
    const key = `${streamName(entry.stream)} ${entry.window.from}`;
    const stored = this.ledgerEntries.get(key);
    if (stored === undefined || stored.fence <= entry.fence) this.ledgerEntries.set(key, entry);
  }

  async *due(now: number): AsyncIterable<DuePage> {
    const due = [...this.rows.values()]
      .flatMap(({ stream: { id, nextDueAt, pausedAt } }) =>
        nextDueAt !== undefined && nextDueAt <= now && pausedAt === undefined ? [{ id, nextDueAt }] : [],
      )
      .sort((a, b) => a.nextDueAt - b.nextDueAt);
    for (let i = 0; i < due.length; i += this.pageSize)
      yield { items: due.slice(i, i + this.pageSize), unreadable: [] };
  }

  async claim(due: Due, until: number): Promise<boolean> {
    const row = this.rows.get(streamName(due.id));
    if (row?.stream.nextDueAt !== due.nextDueAt) return false;
    row.stream = { ...row.stream, nextDueAt: until };
    return true;
  }

  async ensureStream(id: StreamId, start: StreamStart): Promise<void> {
    const row = this.rows.get(streamName(id));
    if (row !== undefined) {
      row.stream = { ...row.stream, settings: start.settings };
      return;
    }
    this.rows.set(streamName(id), {
      version: 1,
      leaseOwner: undefined,
      stream: newStream(id, start),
    });
  }

  async streams(tenant: string, connector: string): Promise<readonly Stream[]> {
    return [...this.rows.values()]
      .map(({ stream }) => stream)
      .filter(({ id }) => id.tenant === tenant && id.connector === connector && id.part === undefined)
      .sort((a, b) => (a.id.contentType < b.id.contentType ? -1 : 1));
  }

  async parts(tenant: string, connector: string): Promise<readonly Stream[]> {
    return [...this.rows.values()]
      .map(({ stream }) => stream)
      .filter(({ id }) => id.tenant === tenant && id.connector === connector && id.part !== undefined)
      .sort((a, b) => (streamName(a.id) < streamName(b.id) ? -1 : 1));
  }

  async makeDue(id: StreamId, at: number): Promise<void> {
    const row = this.rows.get(streamName(id));
    if (row === undefined) throw new Error(`There is no stream ${streamName(id)}.`);
    row.stream = { ...row.stream, nextDueAt: at };
  }

  async pause(id: StreamId, at: number): Promise<void> {
    const row = this.rowOf(id);
    row.stream = { ...row.stream, pausedAt: row.stream.pausedAt ?? at };
  }

  async resume(id: StreamId, at: number): Promise<void> {
    const row = this.rowOf(id);
    const { pausedAt: _, ...stream } = row.stream;
    row.stream = { ...stream, nextDueAt: at };
  }

  async remove(id: StreamId): Promise<void> {
    this.rows.delete(streamName(id));
  }

  private rowOf(id: StreamId): Row {
    const row = this.rows.get(streamName(id));
    if (row === undefined) throw new Error(`There is no stream ${streamName(id)}.`);
    return row;
  }

  async ledger(id: StreamId, from: number, to: number): Promise<readonly LedgerEntry[]> {
    return this.ledgerOf(id).filter(({ window }) => window.from >= from && window.from < to);
  }

  /** All ledger entries of a stream, in the order of the windows. */
  ledgerOf(id: StreamId): readonly LedgerEntry[] {
    return [...this.ledgerEntries.values()]
      .filter(({ stream }) => streamName(stream) === streamName(id))
      .sort((a, b) => a.window.from - b.window.from);
  }
}

/** The stream with the change written into it, as DynamoDB does it: null removes, undefined leaves alone. */
function changed(stream: Stream, change: StreamChange, always: Partial<Stream>): Stream {
  const attributes = { ...stream, ...definedOf(change), ...always };
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== null),
  ) as unknown as Stream;
}

function definedOf(change: StreamChange): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
