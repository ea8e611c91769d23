import { micros } from '../../world/micro-time.ts';
import { analystVerdicts, incidentStatuses } from '../../world/threat-state.ts';
import type { Threats } from '../../world/threats.ts';
import type { Call } from '../endpoint.ts';
import {
  axisFilters,
  contains,
  type FilterTable,
  isFlag,
  oneOf,
  scopeFilters,
  timeFilters,
} from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

/** The filters of `/threats`, and of everything else that selects threats. */
export function threatFilters(
  records: Threats,
  { world, nowMs }: Pick<Call, 'world' | 'nowMs'>,
): FilterTable {
  const record = (row: number) => records.timeline.revisions.record(row);
  return {
    ...scopeFilters(records),
    ...timeFilters('createdAt', (row) => records.createdUs(record(row))),
    ...axisFilters('updatedAt'),
    incidentStatuses: oneOf((row) => records.state(row).incidentStatus, incidentStatuses),
    analystVerdicts: oneOf((row) => records.state(row).analystVerdict, analystVerdicts),
    noteExists: isFlag((row) => world.threatNotes.existAt(record(row), nowMs * micros.millisecond)),
    resolved: isFlag((row) => records.state(row).incidentStatus === 'resolved'),
    computerName__contains: contains((row) => records.host(record(row)).computerName),
    contentHashes: oneOf((row) => records.file(record(row)).sha1),
  };
}

export const threats = listEndpoint({
  path: '/threats',
  permission: 'Threats.view',
  records: (world) => world.threats,
  filters: threatFilters,
  sortKeys: () => ({ id: 'record', createdAt: 'record', updatedAt: 'axis' }),
});
