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
/** `osStartTime` is by the endpoint's clock, which may be late. A start that is longer ago than this was before the command. */
const endpointClockMs = 60_000;

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
  doneWhen:
    "The agent's `osStartTime` is another one than before, and not older than the command; by up to a minute older where the activity log has the command (activity 74).",
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

/**
 * A start that is older than the command is ours where the endpoint's clock is late, and somebody else's where the record was. What
 * cannot be told apart: who restarts the endpoint within the minute before the command, or longer before by a clock that is ahead,
 * while the record still shows the start of before. Endpoints whose clocks are more than a minute late end as `unknown`.
 */
function observeRestart({ subject, before, sentAt, activities }: Look<unknown>): Observation {
  const { record } = subject;
  const told = seenInActivities(activities, meanings);
  const startedAt = parseConsoleTime(record['osStartTime']);
  const startedBefore = parseConsoleTime(before['osStartTime']);
  if (startedAt === undefined) return told;
  const isAnother = startedBefore !== undefined && startedAt - startedBefore > jitterMs;
  const isSince = startedAt >= sentAt;
  const isByLateClock = told.kind !== 'nothing' && isAnother && startedAt >= sentAt - endpointClockMs;
  if (isByLateClock || (isSince && (isAnother || startedBefore === undefined)))
    return { kind: 'done', evidence: [fieldEvidence({ source: 'agent', record, field: 'osStartTime' })] };
  return told;
}
