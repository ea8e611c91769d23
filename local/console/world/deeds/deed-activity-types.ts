import { type ActivityType, killed, scanCompleted } from '../activity-types.ts';
import type { MitigationAction, MitigationResult } from './mitigation.ts';

function ofHost(id: number, description: string): ActivityType {
  return { id, subject: 'host', description };
}

function ofThreat(id: number, description: string): ActivityType {
  return { id, subject: 'threat', description };
}

/** What is told of commands to agents: when the console has taken them, and what became of them. */
export const agentActivityTypes = {
  disconnectAsked: ofHost(61, 'The management user {user} disconnected {host} from the network.'),
  connectAsked: ofHost(62, 'The management user {user} connected {host} to the network.'),
  logsAsked: ofHost(65, 'The management user {user} requested the logs of {host}.'),
  logsUploaded: ofHost(66, 'Agent {host} uploaded its logs.'),
  scanAsked: ofHost(71, 'The management user {user} initiated a full disk scan of {host}.'),
  scanAbortAsked: ofHost(72, 'The management user {user} aborted the full disk scan of {host}.'),
  restartAsked: ofHost(74, 'The management user {user} restarted {host}.'),
  scanStarted: ofHost(90, 'Agent {host} started a full disk scan.'),
  scanAborted: ofHost(91, 'Agent {host} aborted a full disk scan.'),
  scanCompleted,
  disconnected: ofHost(1001, 'Agent {host} was disconnected from the network.'),
  connected: ofHost(1002, 'Agent {host} was connected to the network.'),
  disconnectFailed: ofHost(2010, 'Agent {host} could not be disconnected from the network.'),
} as const satisfies Readonly<Record<string, ActivityType>>;

export const blocklisted: ActivityType = {
  id: 3002,
  subject: 'account',
  description: 'The management user {user} added a hash to the blocklist.',
};
export const threatBlocklisted = ofThreat(3002, 'The management user {user} added {file} to the blocklist.');

/** The mitigation of a threat was asked for by a user. */
export const mitigationAsked: Readonly<Record<MitigationAction, ActivityType>> = {
  kill: ofThreat(2011, 'The management user {user} issued a kill command for {file}.'),
  remediate: ofThreat(2012, 'The management user {user} issued a remediate command for {file}.'),
  rollback: ofThreat(2013, 'The management user {user} issued a rollback command for {file}.'),
  quarantine: ofThreat(2014, 'The management user {user} issued a quarantine command for {file}.'),
  unquarantine: ofThreat(2015, 'The management user {user} issued an unquarantine command for {file}.'),
};

/** No type of its own is known for a mitigation that was done in part: there is one for any change of the status. */
const partlyMitigated = ofThreat(4008, 'The mitigation status of {file} changed.');

/** What became of it. */
export const mitigationEnded: Readonly<
  Record<MitigationAction, Readonly<Record<MitigationResult, ActivityType>>>
> = {
  kill: {
    success: killed,
    failed: ofThreat(2006, 'The agent {host} failed to kill the threat: {file}.'),
    partial: partlyMitigated,
    'pending-reboot': ofThreat(2031, 'The agent {host} has to reboot to kill the threat: {file}.'),
  },
  remediate: {
    success: ofThreat(2002, 'The agent {host} successfully remediated the threat: {file}.'),
    failed: ofThreat(2007, 'The agent {host} failed to remediate the threat: {file}.'),
    partial: partlyMitigated,
    'pending-reboot': ofThreat(2032, 'The agent {host} has to reboot to remediate the threat: {file}.'),
  },
  rollback: {
    success: ofThreat(2003, 'The agent {host} successfully rolled back the threat: {file}.'),
    failed: ofThreat(2008, 'The agent {host} failed to roll back the threat: {file}.'),
    partial: partlyMitigated,
    'pending-reboot': ofThreat(2033, 'The agent {host} has to reboot to roll back the threat: {file}.'),
  },
  quarantine: {
    success: ofThreat(2004, 'The agent {host} successfully quarantined the threat: {file}.'),
    failed: ofThreat(2009, 'The agent {host} failed to quarantine the threat: {file}.'),
    partial: partlyMitigated,
    'pending-reboot': ofThreat(2034, 'The agent {host} has to reboot to quarantine the threat: {file}.'),
  },
  unquarantine: {
    success: ofThreat(2026, 'The agent {host} successfully unquarantined the threat: {file}.'),
    failed: ofThreat(2027, 'The agent {host} failed to unquarantine the threat: {file}.'),
    partial: partlyMitigated,
    'pending-reboot': ofThreat(2035, 'The agent {host} has to reboot to unquarantine the threat: {file}.'),
  },
};
