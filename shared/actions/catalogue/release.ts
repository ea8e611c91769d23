import { isTrueAt, presentFields, textAt } from '../../records/json-fields.ts';
import type { Look, Observation } from '../action-type.ts';
import { type ActivityMeanings, seenInActivities, typesOf } from '../kinds/activity-meanings.ts';
import { agentCommand } from '../kinds/agent-command.ts';
import { type NetworkWay, networkObservation, reachedNetwork } from '../kinds/network-status.ts';
import { noParameters } from '../kinds/parameters.ts';
import type { Evidence, Subject } from '../subject.ts';

const way: NetworkWay = { underWay: 'connecting', wanted: 'connected' };
const meanings: ActivityMeanings = { 62: { kind: 'accepted' }, 1002: { kind: 'done' } };

/** Connects isolated endpoints to the network again. */
export const release = agentCommand({
  id: 'release',
  title: 'Release from isolation',
  description: 'Connects an isolated endpoint to the network again.',
  danger: 'endpoint',
  permission: 'Endpoints.reconnectToNetwork',
  verb: 'connect',
  parameters: noParameters,
  example: {},
  doneWhen: "The agent's `networkStatus` is `connected`.",
  typicalSeconds: 60,
  timeoutMinutes: 30,
  isRepeatable: true,
  activityTypes: typesOf(meanings),
  revertedBy: ['contain'],
  reached: reachedOnline,
  before: ({ record }) => presentFields({ networkStatus: textAt(record, 'networkStatus') }),
  observe: seenOnline,
  revert: () => ({ action: 'contain', parameters: {} }),
});

/** Of an endpoint that is offline only what its agent has reported since the command counts. */
function seenOnline(look: Look<unknown>): Observation {
  return isTrueAt(look.subject.record, 'isActive')
    ? networkObservation(look, way, meanings)
    : seenInActivities(look.activities, meanings);
}

/**
 * What the console shows of an endpoint that is offline is how it was. It may have been isolated meanwhile, by a command that waits
 * for it: then only a release that waits behind it keeps it on the network.
 */
function reachedOnline(subject: Subject): readonly Evidence[] | undefined {
  return isTrueAt(subject.record, 'isActive') ? reachedNetwork(subject, way) : undefined;
}
