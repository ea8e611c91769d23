import * as z from 'zod/mini';
import { time } from './time.ts';

const count = z.number();

/** Query of `GET /v1/connectors/{connectorId}/ledger`. */
export const ledgerQuery = z.strictObject({
  contentType: z.string().check(z.minLength(1), z.maxLength(64)),
  from: z.optional(time),
  to: z.optional(time),
});

const counters = {
  read: count,
  written: count,
  filtered: count,
  filteredBy: z.optional(z.record(z.string(), count)),
  pages: count,
  throttledMs: count,
};

/** What was read in a time, window by window. */
export const ledger = z.strictObject({
  contentType: z.string(),
  from: z.string(),
  to: z.string(),
  completeUpTo: z.string(),
  sums: z.strictObject({ windows: count, read: count, written: count, filtered: count }),
  windows: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      ...counters,
      batches: count,
      consoleTotal: z.optional(count),
      closedAt: z.string(),
    }),
  ),
});

/** An example for the documentation; a test checks it against the schema. */
export const ledgerExample = {
  contentType: 'threats',
  from: '2026-11-25T09:45:00.000Z',
  to: '2026-11-26T09:45:00.000Z',
  completeUpTo: '2026-11-26T09:44:00.000Z',
  sums: { windows: 1, read: 33, written: 32, filtered: 1 },
  windows: [
    {
      from: '2026-11-26T08:00:00.000Z',
      to: '2026-11-26T09:00:00.000Z',
      read: 33,
      written: 32,
      filtered: 1,
      filteredBy: { 'drop-lab': 1 },
      pages: 1,
      throttledMs: 0,
      batches: 1,
      consoleTotal: 33,
      closedAt: '2026-11-26T09:01:12.000Z',
    },
  ],
};
