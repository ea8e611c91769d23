import { newStatus } from '../../../shared/engine/status.ts';
import {
  noCounters,
  noTotals,
  type Stream,
  type StreamChange,
  type StreamId,
  type StreamSettings,
  streamName,
} from '../../../shared/engine/stream.ts';
import type {
  AcquireOutcome,
  Connector,
  ConnectorStore,
  DueIndex,
  DueStream,
  LedgerEntry,
  StreamStore,
} from '../../../shared/ports.ts';

interface Row {
  version: number;
  leaseOwner: string | undefined;
  stream: Stream;
}

/** The state table in memory: the ports of worker, fan-out and operator over one set of rows. */
export class MemoryStreams implements StreamStore, DueIndex, ConnectorStore {
  readonly rows = new Map<string, Row>();
  private readonly ledgerEntries = new Map<string, LedgerEntry>();
  readonly connectors = new Map<string, Connector>();
  private readonly pageSize: number;

  constructor(pageSize = 100) {
    this.pageSize = pageSize;
  }

  async acquire(
    id: StreamId,
    { owner, now, leaseMs }: { owner: string; now: number; leaseMs: number },
  ): Promise<AcquireOutcome> {
    const row = this.rows.get(streamName(id));
    if (row === undefined) return { kind: 'missing' };
    if (row.version > 1) return { kind: 'newer', version: row.version };
    if (row.stream.leaseUntil > now) {
      if (row.leaseOwner === owner) return { kind: 'acquired', stream: row.stream };
      return { kind: 'held', leaseUntil: row.stream.leaseUntil };
    }
    const until = now + leaseMs;
    row.stream = { ...row.stream, fence: row.stream.fence + 1, step: 0, leaseUntil: until, nextDueAt: until };
    row.leaseOwner = owner;
    return { kind: 'acquired', stream: row.stream };
  }

  async update(held: Stream, change: StreamChange): ReturnType<StreamStore['update']> {
    const row = this.rows.get(streamName(held.id));
    if (row === undefined || row.stream.fence !== held.fence) return { kind: 'lost' };
    if (row.stream.step === held.step + 1) return { kind: 'updated', stream: row.stream };
    if (row.stream.step !== held.step) return { kind: 'lost' };
    const { window, position, ...rest } = change;
    const { window: oldWindow, position: oldPosition, ...kept } = row.stream;
    const newWindow = window === undefined ? oldWindow : window;
    const newPosition = position === undefined ? oldPosition : position;
    row.stream = {
      ...kept,
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
      step: held.step + 1,
      ...(newWindow === undefined || newWindow === null ? {} : { window: newWindow }),
      ...(newPosition === undefined || newPosition === null ? {} : { position: newPosition }),
    };
    return { kind: 'updated', stream: row.stream };
  }

  async putLedgerEntry(entry: LedgerEntry): Promise<void> {
    const key = `${streamName(entry.stream)} ${entry.window.from}`;
    const stored = this.ledgerEntries.get(key);
    if (stored === undefined || stored.fence <= entry.fence) this.ledgerEntries.set(key, entry);
  }

  async *due(now: number): AsyncIterable<readonly DueStream[]> {
    const due = [...this.rows.values()]
      .flatMap(({ stream: { id, nextDueAt } }) =>
        nextDueAt !== undefined && nextDueAt <= now ? [{ id, nextDueAt }] : [],
      )
      .sort((a, b) => a.nextDueAt - b.nextDueAt);
    for (let i = 0; i < due.length; i += this.pageSize) yield due.slice(i, i + this.pageSize);
  }

  async claim(due: DueStream, until: number): Promise<boolean> {
    const row = this.rows.get(streamName(due.id));
    if (row?.stream.nextDueAt !== due.nextDueAt) return false;
    row.stream = { ...row.stream, nextDueAt: until };
    return true;
  }

  async put(connector: Connector): Promise<void> {
    this.connectors.set(`${connector.tenant}/${connector.id}`, connector);
  }

  async ensureStream(
    id: StreamId,
    start: { since: number; settings: StreamSettings; nextDueAt: number; now: number },
  ): Promise<void> {
    const row = this.rows.get(streamName(id));
    if (row !== undefined) {
      row.stream = { ...row.stream, settings: start.settings };
      return;
    }
    this.rows.set(streamName(id), {
      version: 1,
      leaseOwner: undefined,
      stream: {
        id,
        fence: 0,
        step: 0,
        leaseUntil: 0,
        since: start.since,
        watermark: start.since,
        batch: 0,
        counters: noCounters,
        totals: noTotals,
        nextDueAt: start.nextDueAt,
        status: newStatus(start.now),
        settings: start.settings,
      },
    });
  }

  async streams(tenant: string, connector: string): Promise<readonly Stream[]> {
    return [...this.rows.values()]
      .map(({ stream }) => stream)
      .filter(({ id }) => id.tenant === tenant && id.connector === connector)
      .sort((a, b) => (a.id.contentType < b.id.contentType ? -1 : 1));
  }

  async makeDue(id: StreamId, at: number): Promise<void> {
    const row = this.rows.get(streamName(id));
    if (row === undefined) throw new Error(`There is no stream ${streamName(id)}.`);
    row.stream = { ...row.stream, nextDueAt: at };
  }

  async ledger(id: StreamId, from: number, to: number): Promise<readonly LedgerEntry[]> {
    return [...this.ledgerEntries.values()]
      .filter(
        ({ stream, window }) =>
          streamName(stream) === streamName(id) && window.from >= from && window.from < to,
      )
      .sort((a, b) => a.window.from - b.window.from);
  }
}
