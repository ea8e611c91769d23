import { revisedChildren } from '../engine/readings/revised-children.ts';
import type { JsonObject } from '../json.ts';
import { requiredTextAt, textAt } from '../records/json-fields.ts';
import { noteFields } from '../records/note-fields.ts';
import type { ContentType, ProbeAnswer, ProbeRequest } from './content-type.ts';
import { answerOf, newestRecord } from './parts/newest.ts';
import { newestChildOfThreat } from './parts/newest-child.ts';
import { threatParent } from './parts/threat-parent.ts';
import { eventTimeAt, minuteMs, timeAt } from './parts/times.ts';

const createdAt = eventTimeAt('createdAt');
const updatedAt = eventTimeAt('updatedAt');
const deletedAt = eventTimeAt('deletedAt');
const notesPath = (threatId: string) => `/threats/${encodeURIComponent(threatId)}/notes`;
// A note was added, changed, deleted.
const noteActivities = { activityTypes: '4020,4021,4022' };

/**
 * Analysts' notes on threats. Few threats have any, so the console's activities tell for which threats something was noted;
 * of a note that was deleted the last record says so.
 */
export const threatNotes: ContentType = {
  id: 'threat-notes',
  label: 'Threat notes',
  msgClass: 'sentinelone_threat_notes',
  index: 'syslog',
  permission: 'Threats.view and Activity Page.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: minuteMs,
  lateBecause: 'A note and the activity that tells of it are visible within seconds.',
  costs:
    'One request when nothing was noted; else two per 10 activities about notes, and one per threat with a changed note.',
  reading: revisedChildren({
    announcements: {
      path: '/activities',
      timeField: 'createdAt',
      sortKey: timeAt('createdAt'),
      params: noteActivities,
    },
    parentKey: (activity) => textAt(activity, 'threatId') ?? textAt(activity, 'data', 'threatId'),
    parents: { path: '/threats', idField: 'id' },
    path: notesPath,
    params: { limit: '1000', sortBy: 'createdAt', sortOrder: 'asc' },
    idField: 'id',
    revisionField: 'updatedAt',
    withParent: (note, threatId, threat) => ({
      ...note,
      // Some consoles send the field, and leave it empty.
      threatId,
      threat: threatParent(threatId, threat),
    }),
    deleted: (id, activity) => ({ id, deletedAt: activity['createdAt'] ?? null }),
    isDeleted,
    parentKeyField: 'threatId',
  }),
  probe: probeNotes,
  identity: (note) => ({
    id: `${requiredTextAt(note, 'threatId')}:${requiredTextAt(note, 'id')}`,
    revision: isDeleted(note) ? 'deleted' : requiredTextAt(note, 'updatedAt'),
  }),
  eventTime: (note) => deletedAt(note) ?? updatedAt(note) ?? createdAt(note),
  normalize: noteFields,
};

function isDeleted(note: JsonObject): boolean {
  return textAt(note, 'deletedAt') !== undefined;
}

/** The newest threat has no notes as a rule, so it tells whether notes may be read, and the activities when the last one was written. */
async function probeNotes(request: ProbeRequest): Promise<ProbeAnswer> {
  const activities = { path: '/activities', sortBy: 'createdAt', params: noteActivities };
  const [newest] = await Promise.all([
    newestRecord(activities, request, request.scope),
    newestChildOfThreat({ path: notesPath, sortBy: 'createdAt', timeOf: createdAt }, request),
  ]);
  return answerOf(newest, createdAt);
}
