import { type ActivityMeanings, typesOf } from '../kinds/activity-meanings.ts';
import { agentCommand } from '../kinds/agent-command.ts';
import {
  networkBefore,
  networkHistory,
  networkObservation,
  offTheNetwork,
  reachedNetwork,
} from '../kinds/network-status.ts';
import { noParameters } from '../kinds/parameters.ts';

const meanings: ActivityMeanings = {
  61: { kind: 'accepted' },
  1001: { kind: 'done' },
  2010: {
    kind: 'failed',
    reason: {
      code: 'isolation_failed',
      message: 'The agent reported that it could not isolate the endpoint (activity 2010).',
      recommendation:
        'Look at the endpoint in the console: the agent may lack permissions or be damaged. Cut the endpoint off with other means meanwhile.',
    },
  },
};

/** Cuts endpoints off from the network; they still talk to the console. */
export const contain = agentCommand({
  id: 'contain',
  title: 'Isolate from the network',
  description:
    'Cuts the endpoint off from the network. Its agent still talks to the console, so that it can be examined, mitigated and released.',
  danger: 'isolating',
  permission: 'Endpoints.disconnectFromNetwork',
  verb: 'disconnect',
  parameters: noParameters,
  example: {},
  doneWhen:
    "The agent's `networkStatus` is `disconnected`; where it was so before, or the endpoint is offline, the activity log has to tell of the end as well (activity 1001).",
  typicalSeconds: 60,
  timeoutMinutes: 30,
  isRepeatable: true,
  activityTypes: typesOf(meanings),
  history: networkHistory,
  revertedBy: ['release'],
  reached: (subject) => reachedNetwork(subject, offTheNetwork),
  before: networkBefore,
  observe: (look) => networkObservation(look, offTheNetwork, meanings),
  revert: () => ({ action: 'release', parameters: {} }),
});
