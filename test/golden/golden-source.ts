import type { RecordSource } from '../../shared/content-types/content-type.ts';

/** Where the golden records come from; fixed, so that a record depends on its vendor object alone. */
export function goldenSource(contentType: string): RecordSource {
  return {
    stream: { tenant: 'northwind', connector: 'emea', contentType },
    settings: {
      tenantName: 'Northwind Manufacturing',
      connectorName: 'SentinelOne EMEA',
      intervalMs: 300_000,
      siteIds: [],
      accountIds: [],
    },
    hostUrl: 'https://euce1-northwind.sentinelone.net',
    window: { from: Date.UTC(2026, 10, 24, 8), to: Date.UTC(2026, 10, 24, 9) },
    writeTime: Date.UTC(2026, 10, 24, 9, 0, 0),
  };
}
