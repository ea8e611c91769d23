import { windowed } from '../engine/readings/windowed.ts';
import type { JsonObject } from '../json.ts';
import { fieldAt, requiredTextAt } from '../records/json-fields.ts';
import { threatAlert } from '../records/threat-alert.ts';
import { threatFields } from '../records/threat-fields.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import type { ContentType } from './content-type.ts';

/** Threats change after they were found (verdict, status, mitigation); every revision is a record. */
export const threats: ContentType = {
  id: 'threats',
  label: 'Threats',
  msgClass: 'sentinelone_threat_detection',
  index: 'syslog',
  permission: 'Threats.view',
  defaultIntervalMs: 5 * 60_000,
  settleMs: 60_000,
  reading: windowed({
    path: '/threats',
    timeField: 'updatedAt',
    sortKey: timeAt('updatedAt'),
    pageSize: 1000,
  }),
  identity: (threat) => ({
    id: requiredTextAt(threat, 'id'),
    revision: requiredTextAt(threat, 'threatInfo', 'updatedAt'),
  }),
  // Found by the agent, else known to the console, else last changed.
  eventTime: (threat) =>
    timeAt('identifiedAt')(threat) ?? timeAt('createdAt')(threat) ?? timeAt('updatedAt')(threat),
  normalize: threatFields,
  derived: { index: 'alerts', derive: threatAlert },
};

function timeAt(name: string): (threat: JsonObject) => number | undefined {
  return (threat) => parseConsoleTime(fieldAt(threat, 'threatInfo', name));
}
