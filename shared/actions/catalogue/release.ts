import { type ActivityMeanings, typesOf } from '../kinds/activity-meanings.ts';
import { agentCommand } from '../kinds/agent-command.ts';
import {
  networkBefore,
  networkHistory,
  networkObservation,
  ontoTheNetwork,
  reachedNetwork,
} from '../kinds/network-status.ts';
import { noParameters } from '../kinds/parameters.ts';

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
  doneWhen:
    "The agent's `networkStatus` is `connected`; where it was so before, or the endpoint is offline, the activity log has to tell of the end as well (activity 1002).",
  typicalSeconds: 60,
  timeoutMinutes: 30,
  isRepeatable: true,
  activityTypes: typesOf(meanings),
  history: networkHistory,
  revertedBy: ['contain'],
  reached: (subject) => reachedNetwork(subject, ontoTheNetwork),
  before: networkBefore,
  observe: (look) => networkObservation(look, ontoTheNetwork, meanings),
  revert: () => ({ action: 'contain', parameters: {} }),
});
