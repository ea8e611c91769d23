import { micros } from '../../world/micro-time.ts';
import { analystVerdicts, incidentStatuses } from '../../world/threat-state.ts';
import { axisFilters, contains, isFlag, oneOf, scopeFilters, timeFilters } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

export const threats = listEndpoint({
  path: '/threats',
  permission: 'Threats.view',
  records: (world) => world.threats,
  filters: (records, { world, nowMs }) => {
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
  },
  sortKeys: () => ({ id: 'record', createdAt: 'record', updatedAt: 'axis' }),
});
