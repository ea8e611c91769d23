import type { Endpoint } from './endpoint.ts';
import { activities } from './endpoints/activities.ts';
import { agents } from './endpoints/agents.ts';
import { agentsCount } from './endpoints/agents-count.ts';
import {
  deleteDataLakeQuery,
  launchDataLakeQuery,
  pollDataLakeQuery,
} from './endpoints/data-lake-queries.ts';
import { dvCancelQuery, dvInitQuery, dvQueryStatus } from './endpoints/deep-visibility.ts';
import { dvEvents } from './endpoints/deep-visibility-events.ts';
import { accounts, groups, sites } from './endpoints/scopes.ts';
import { systemInfo, systemStatus } from './endpoints/system.ts';
import { threats } from './endpoints/threats.ts';
import { apiTokenDetails, user, viewerAuthCheck } from './endpoints/users.ts';

/** Everything that the simulator plays of the vendor's API. */
export const endpoints: readonly Endpoint[] = [
  threats,
  agents,
  agentsCount,
  activities,
  sites,
  accounts,
  groups,
  systemStatus,
  systemInfo,
  viewerAuthCheck,
  user,
  apiTokenDetails,
  dvInitQuery,
  dvQueryStatus,
  dvEvents,
  dvCancelQuery,
  launchDataLakeQuery,
  pollDataLakeQuery,
  deleteDataLakeQuery,
];
