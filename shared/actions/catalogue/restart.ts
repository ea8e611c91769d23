import { presentFields, textAt } from '../../records/json-fields.ts';
import { parseConsoleTime } from '../../sentinelone/console-time.ts';
import type { Look, Observation } from '../action-type.ts';
import { type ActivityMeanings, seenInActivities, typesOf } from '../kinds/activity-meanings.ts';
import { agentCommand } from '../kinds/agent-command.ts';
import { fieldEvidence } from '../kinds/evidence.ts';
import { noParameters } from '../kinds/parameters.ts';

const meanings: ActivityMeanings = { 74: { kind: 'accepted' } };

/** Agents work out the start from the uptime, which may differ by a second from time to time. No machine is back that fast. */
const jitterMs = 5_000;
/** `osStartTime` is by the endpoint's clock. A start that is longer ago than this was before the command. */
const endpointClockMs = 5 * 60_000;

/** Restarts endpoints. */
export const restart = agentCommand({
  id: 'restart',
  title: 'Restart the endpoint',
  description:
    'Restarts the endpoint. Whoever works there loses what is not saved; tell them before with broadcast-message.',
  danger: 'disruptive',
  permission: 'Endpoints.reboot',
  verb: 'restart-machine',
  parameters: noParameters,
  example: {},
  doneWhen: "The agent's `osStartTime` is another one than before, and not older than the command.",
  typicalSeconds: 300,
  timeoutMinutes: 60,
  isRepeatable: false,
  activityTypes: typesOf(meanings),
  revertedBy: [],
  reached: () => undefined,
  before: ({ record }) => presentFields({ osStartTime: textAt(record, 'osStartTime') }),
  observe: observeRestart,
  revert: () => undefined,
});

function observeRestart({ subject, before, sentAt, activities }: Look<unknown>): Observation {
  const { record } = subject;
  const startedAt = parseConsoleTime(record['osStartTime']);
  const startedBefore = parseConsoleTime(before['osStartTime']);
  const isAnother = startedBefore === undefined || (startedAt ?? 0) - startedBefore > jitterMs;
  if (startedAt !== undefined && isAnother && startedAt >= sentAt - endpointClockMs)
    return { kind: 'done', evidence: [fieldEvidence({ source: 'agent', record, field: 'osStartTime' })] };
  return seenInActivities(activities, meanings);
}
