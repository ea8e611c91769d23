import { expect, it } from 'vitest';
import { ledgerFromItem, ledgerItem } from '../../../shared/aws/ledger-item.ts';
import type { LedgerEntry } from '../../../shared/ports.ts';

const entry: LedgerEntry = {
  stream: { tenant: 'acme', connector: 'edr', contentType: 'threats' },
  window: { from: Date.parse('2026-11-24T09:00:00Z'), to: Date.parse('2026-11-24T10:00:00Z') },
  read: 10,
  written: 7,
  filtered: 3,
  pages: 1,
  throttledMs: 0,
  batches: 1,
  closedAt: Date.parse('2026-11-24T10:01:00Z'),
  fence: 4,
};

it.each<LedgerEntry>([
  entry,
  { ...entry, filteredBy: { 'drop lab': 2, '(no include filter)': 1 }, consoleTotal: 10 },
])('a ledger entry comes back from its item as it was', (written) => {
  expect(ledgerFromItem(written.stream, ledgerItem(written, 30))).toStrictEqual(written);
});
