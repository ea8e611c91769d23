import { growingChildren } from '../engine/readings/growing-children.ts';
import { endpointEventFields } from '../records/endpoint-event-fields.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import type { ContentType } from './content-type.ts';
import { newestChildOfThreat } from './parts/newest-child.ts';
import { threatKey, threatParent } from './parts/threat-parent.ts';
import { minuteMs, timeAt } from './parts/times.ts';

const createdAt = timeAt('createdAt');
const eventsPath = (threatId: string) => `/threats/${encodeURIComponent(threatId)}/explore/events`;

/** The events of a threat's story, each once. Which threat they belong to is not in the console's records, so it is added. */
export const threatEvents: ContentType = {
  id: 'threat-events',
  label: 'Threat events',
  msgClass: 'sentinelone_threat_events',
  index: 'syslog',
  permission: 'Threats.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: 2 * minuteMs,
  lateBecause: 'The console goes on adding events for a while after it found the threat.',
  costs: 'One request per 10 changed threats, and one per changed threat and 1,000 of its new events.',
  reading: growingChildren({
    parents: {
      path: '/threats',
      timeField: 'updatedAt',
      sortKey: timeAt('threatInfo', 'updatedAt'),
    },
    parentKey: threatKey,
    path: eventsPath,
    idField: 'id',
    pageSize: 1000,
    withParent: (event, threatId, threat) => ({
      ...event,
      // By the path, whatever the console says or leaves out.
      threatId,
      threat: threatParent(threatId, threat),
    }),
    parentKeyField: 'threatId',
  }),
  probe: (request) =>
    newestChildOfThreat({ path: eventsPath, sortBy: 'createdAt', timeOf: createdAt }, request),
  // An event's id is unique within its threat only.
  identity: (event) => ({
    id: `${requiredTextAt(event, 'threatId')}:${requiredTextAt(event, 'id')}`,
    revision: '',
  }),
  eventTime: createdAt,
  normalize: endpointEventFields,
};
