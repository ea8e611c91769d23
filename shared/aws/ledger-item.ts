import type { FilteredBy } from '../engine/filtered-by.ts';
import { type StreamId, streamName } from '../engine/stream.ts';
import type { LedgerEntry } from '../ports.ts';
import type { Item } from './stream-item.ts';

const dayMs = 86_400_000;

export function ledgerPartition(id: StreamId): string {
  return `LEDGER#${streamName(id)}`;
}

/** Sortable and readable: the window's start as ISO-8601 UTC. */
export function ledgerSortKey(windowFrom: number): string {
  return new Date(windowFrom).toISOString();
}

export function ledgerItem(entry: LedgerEntry, ledgerDays: number): Item {
  const { stream, window, ...rest } = entry;
  return {
    pk: ledgerPartition(stream),
    sk: ledgerSortKey(window.from),
    ...rest,
    windowTo: window.to,
    // From the closing on, because a backfill closes windows that are old already. DynamoDB counts in seconds.
    expiresAt: Math.ceil((entry.closedAt + ledgerDays * dayMs) / 1000),
  };
}

export function ledgerFromItem(stream: StreamId, item: Item): LedgerEntry {
  const number = (name: string): number => {
    const value = item[name];
    if (typeof value !== 'number')
      throw new Error(`Ledger item ${String(item['sk'])}: ${name} is not a number.`);
    return value;
  };
  return {
    stream,
    window: { from: Date.parse(String(item['sk'])), to: number('windowTo') },
    read: number('read'),
    written: number('written'),
    filtered: number('filtered'),
    pages: number('pages'),
    throttledMs: number('throttledMs'),
    batches: number('batches'),
    ...(isCounts(item['filteredBy']) ? { filteredBy: item['filteredBy'] } : {}),
    ...(item['consoleTotal'] === undefined ? {} : { consoleTotal: number('consoleTotal') }),
    closedAt: number('closedAt'),
    fence: number('fence'),
  };
}

/** Absent from the items of windows in which nothing was dropped. */
function isCounts(value: unknown): value is FilteredBy {
  return typeof value === 'object' && value !== null;
}
