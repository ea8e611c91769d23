import * as z from 'zod/mini';
import { type ActivityMeanings, seenInActivities, typesOf } from '../kinds/activity-meanings.ts';
import { agentCommand } from '../kinds/agent-command.ts';

const meanings: ActivityMeanings = { 65: { kind: 'accepted' }, 66: { kind: 'done' } };

const parameters = z
  .strictObject({
    agentLogs: z._default(z.boolean(), true),
    customerFacingLogs: z._default(z.boolean(), false),
    platformLogs: z._default(z.boolean(), false),
  })
  .check(
    z.refine(
      ({ agentLogs, customerFacingLogs, platformLogs }) => agentLogs || customerFacingLogs || platformLogs,
      'must ask for at least one kind of logs: agentLogs, customerFacingLogs or platformLogs.',
    ),
  );

/** Has agents upload their logs to the console. */
export const fetchLogs = agentCommand({
  id: 'fetch-logs',
  title: 'Fetch logs',
  description:
    "Has the agent upload logs to the console, where they are downloaded: its own, which only the vendor's support can read; the readable ones (`customerFacingLogs`, Windows only); those of the operating system (`platformLogs`).",
  danger: 'endpoint',
  permission: 'Endpoints.FetchLogs',
  permissionToSee: 'Activity Page.view',
  verb: 'fetch-logs',
  parameters,
  example: { agentLogs: true, customerFacingLogs: true, platformLogs: false },
  data: ({ agentLogs, customerFacingLogs, platformLogs }) => ({
    agentLogs,
    customerFacingLogs,
    platformLogs,
  }),
  doneWhen: 'The activity log says that the agent uploaded its logs (activity 66).',
  typicalSeconds: 300,
  timeoutMinutes: 120,
  isRepeatable: false,
  activityTypes: typesOf(meanings),
  revertedBy: [],
  reached: () => undefined,
  // The log does not say which request an upload belongs to: one that somebody has asked for a little earlier, and that ends after
  // this command, passes for its end (docs/how-we-know.md).
  before: () => ({}),
  observe: ({ activities }) => seenInActivities(activities, meanings),
  revert: () => undefined,
});
