import type { ContentType } from '../../shared/content-types/content-type.ts';
import { windowed } from '../../shared/engine/readings/windowed.ts';
import { parseConsoleTime } from '../../shared/sentinelone/console-time.ts';

/** A content type that only tests know: the engine must not need to know which one it drives. */
export function itemContentType(pageSize: number): ContentType {
  return {
    id: 'items',
    label: 'Items',
    msgClass: 'test_items',
    index: 'syslog',
    permission: 'Items.view',
    defaultIntervalMs: 300_000,
    settleMs: 60_000,
    lateBecause: 'Tests say so.',
    costs: 'One request per page.',
    reading: windowed({
      path: '/items',
      timeField: 'updatedAt',
      sortKey: (record) => parseConsoleTime(record['updatedAt']),
      pageSize,
    }),
    probe: async () => ({}),
    identity: (vendor) => {
      const { id, updatedAt } = vendor;
      if (typeof id !== 'string' || typeof updatedAt !== 'string')
        throw new Error('id or updatedAt is no text');
      return { id, revision: updatedAt };
    },
    eventTime: (vendor) => parseConsoleTime(vendor['updatedAt']),
    normalize: () => ({}),
    derived: { index: 'alerts', derive: (record) => ({ ...record, derived: true }) },
  };
}
