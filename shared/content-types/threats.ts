import { windowed } from '../engine/readings/windowed.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import { threatAlert } from '../records/threat-alert.ts';
import { threatFields } from '../records/threat-fields.ts';
import type { ContentType } from './content-type.ts';
import { scoresOption } from './parts/alert-options.ts';
import { newestOf } from './parts/newest.ts';
import { eventTimeAt, minuteMs, timeAt } from './parts/times.ts';

const identifiedAt = eventTimeAt('threatInfo', 'identifiedAt');
const createdAt = eventTimeAt('threatInfo', 'createdAt');
const updatedAt = eventTimeAt('threatInfo', 'updatedAt');

/** Threats change after they were found (verdict, status, mitigation); every revision is a record. */
export const threats: ContentType = {
  id: 'threats',
  label: 'Threats',
  msgClass: 'sentinelone_threat_detection',
  index: 'syslog',
  permission: 'Threats.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: minuteMs,
  lateBecause: "A change is visible within seconds; a minute covers the console's own clocks.",
  costs: 'One request per 1,000 changed threats.',
  reading: windowed({
    path: '/threats',
    timeField: 'updatedAt',
    sortKey: timeAt('threatInfo', 'updatedAt'),
    pageSize: 1000,
  }),
  probe: newestOf({ path: '/threats', sortBy: 'updatedAt', timeOf: updatedAt }),
  identity: (threat) => ({
    id: requiredTextAt(threat, 'id'),
    revision: requiredTextAt(threat, 'threatInfo', 'updatedAt'),
  }),
  // Found by the agent, else known to the console, else last changed.
  eventTime: (threat) => identifiedAt(threat) ?? createdAt(threat) ?? updatedAt(threat),
  normalize: threatFields,
  derived: { index: 'alerts', derive: threatAlert },
  options: [scoresOption],
};
