import type { Endpoint } from './endpoint.ts';
import { agentActions } from './endpoints/actions/agent-actions.ts';
import { addRestriction, deleteRestrictions } from './endpoints/actions/restriction-changes.ts';
import { starAlertIncident, starAlertVerdict } from './endpoints/actions/star-alert-judgement.ts';
import { addThreatsToBlocklist } from './endpoints/actions/threat-blocklist.ts';
import { threatIncident, threatVerdict } from './endpoints/actions/threat-judgement.ts';
import { threatMitigation } from './endpoints/actions/threat-mitigation.ts';
import { addThreatNote } from './endpoints/actions/threat-note.ts';
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
import { deviceControlEvents } from './endpoints/device-control-events.ts';
import { installedApplicationCves } from './endpoints/installed-application-cves.ts';
import {
  installedApplications,
  privateInstalledApplicationCves,
} from './endpoints/installed-applications.ts';
import { restrictions } from './endpoints/restrictions.ts';
import { risks } from './endpoints/risks.ts';
import { rogues } from './endpoints/rogues.ts';
import { role } from './endpoints/roles.ts';
import { accounts, groups, sites } from './endpoints/scopes.ts';
import { starAlerts } from './endpoints/star-alerts.ts';
import { systemInfo, systemStatus } from './endpoints/system.ts';
import { threatEvents } from './endpoints/threat-events.ts';
import { threatNotes } from './endpoints/threat-notes.ts';
import { threats } from './endpoints/threats.ts';
import { unifiedAlerts } from './endpoints/unified-alerts.ts';
import { apiTokenDetails, tenantAdminAuthCheck, user, viewerAuthCheck } from './endpoints/users.ts';

/** Everything that the simulator plays of the vendor's API. */
export const endpoints: readonly Endpoint[] = [
  threats,
  threatNotes,
  threatEvents,
  agents,
  agentsCount,
  activities,
  starAlerts,
  rogues,
  deviceControlEvents,
  risks,
  installedApplications,
  installedApplicationCves,
  privateInstalledApplicationCves,
  unifiedAlerts,
  sites,
  accounts,
  groups,
  systemStatus,
  systemInfo,
  viewerAuthCheck,
  tenantAdminAuthCheck,
  user,
  role,
  apiTokenDetails,
  dvInitQuery,
  dvQueryStatus,
  dvEvents,
  dvCancelQuery,
  launchDataLakeQuery,
  pollDataLakeQuery,
  deleteDataLakeQuery,
  ...agentActions,
  ...threatMitigation,
  threatIncident,
  threatVerdict,
  addThreatNote,
  starAlertIncident,
  addThreatsToBlocklist,
  starAlertIncident,
  starAlertVerdict,
  restrictions,
  addRestriction,
  deleteRestrictions,
];
