import { expect, it } from 'vitest';
import type { RecentRecords } from '../../../shared/filters/recent-records.ts';
import { connectorWorld } from './connector-support.ts';

const filter = (name: string, value: string, more: object = {}) => ({
  name,
  action: 'exclude',
  conditions: [{ field: 'severity', operator: 'equals', value }],
  ...more,
});

it('says what filters would drop, of the content types that they are about and that the connector has', async () => {
  const { services, on, id } = await connectorWorld({ contentTypes: ['threats', 'agents', 'sites'] });
  const read: string[] = [];
  const records: Readonly<Record<string, RecentRecords>> = {
    threats: { records: [{ severity: 'low' }, { severity: 'low' }, { severity: 'high' }], isPart: true },
    agents: { records: [{ severity: 'high' }], isPart: false },
  };
  Object.assign(services, {
    recentRecords: {
      read: async ({ tenant, connector, contentType }: Record<string, string>) => {
        read.push(`${tenant}.${connector} ${contentType}`);
        return records[contentType ?? ''] ?? { records: [], isPart: false };
      },
    },
  });
  const only = { contentTypes: ['threats'] };
  const filters = [
    filter('low', 'low', { contentTypes: ['threats', 'agents'] }),
    filter('high', 'high', only),
  ];
  const { status, json } = await on('POST', '/filters/dry-run', { body: { filters } });
  expect(status).toBe(200);
  expect(json).toStrictEqual({
    since: '2026-11-26T08:00:00.000Z',
    contentTypes: [
      { contentType: 'threats', records: 3, dropped: 3, droppedBy: { low: 2, high: 1 }, isPart: true },
      { contentType: 'agents', records: 1, dropped: 0, droppedBy: {}, isPart: false },
      // A companion: what is said of `agents` goes for it too.
      { contentType: 'agents-snapshot', records: 0, dropped: 0, droppedBy: {}, isPart: false },
    ],
  });
  expect(read).toStrictEqual([`${id} threats`, `${id} agents`, `${id} agents-snapshot`]);
});
