import type { AgentState } from '../agent-body.ts';
import type { AgentIdentity } from '../agent-identity.ts';
import { micros } from '../micro-time.ts';
import type { CommandedAgent } from './agent-roster.ts';
import type { DeedActivity } from './deed-activities.ts';
import { agentActivityTypes as types } from './deed-activity-types.ts';
import type { User } from './user.ts';

/** What the console can be asked to have agents do. */
export const agentVerbs = [
  'disconnect',
  'connect',
  'initiate-scan',
  'abort-scan',
  'restart-machine',
  'fetch-logs',
  'broadcast',
] as const;
export type AgentVerb = (typeof agentVerbs)[number];

/** One command to one agent that the console has taken. */
export interface AgentOrder {
  readonly agent: CommandedAgent;
  readonly user: User;
  /** When the console took it, microseconds. */
  readonly us: number;
  /** Tells of it, some time after. */
  readonly tell: (us: number, activity: DeedActivity) => void;
}

interface Verb {
  /** False for a host that has nothing to do: it is in that state already, or its system cannot. */
  isWanted(state: AgentState, identity: AgentIdentity, has: (channel: string) => boolean): boolean;
  carryOut(order: AgentOrder): void;
}

export function isWindows({ os }: AgentIdentity): boolean {
  return os.type === 'windows' || os.type === 'windows_legacy';
}

function isScanning({ scan }: AgentState, has: (channel: string) => boolean): boolean {
  return scan === 'started' || has('scan');
}

function scanTimes({ state }: CommandedAgent) {
  return state.scanTimes ?? { startedUs: null, finishedUs: null, abortedUs: null };
}

export const agentVerbTable: Readonly<Record<AgentVerb, Verb>> = {
  /**
   * The console itself shows `disconnecting` as soon as it has taken the command, also for an offline host: hosts are known
   * that stood in such a state for months because they never came back.
   */
  disconnect: {
    isWanted: ({ networkStatus }) => networkStatus === 'connected' || networkStatus === 'connecting',
    carryOut({ agent, user, us, tell }) {
      const host = agent.identity;
      agent.change(us, { networkStatus: 'disconnecting' });
      tell(us, { type: types.disconnectAsked, user, host });
      agent.life.give(us, {
        channel: 'network',
        durationMs: ({ networkMs }) => networkMs,
        finish(doneUs) {
          const hasFailed = agent.doesNextDisconnectFail;
          agent.doesNextDisconnectFail = false;
          agent.change(doneUs, { networkStatus: hasFailed ? 'connected' : 'disconnected' });
          tell(doneUs, { type: hasFailed ? types.disconnectFailed : types.disconnected, host });
        },
      });
    },
  },
  connect: {
    isWanted: ({ networkStatus }) => networkStatus === 'disconnected' || networkStatus === 'disconnecting',
    carryOut({ agent, user, us, tell }) {
      const host = agent.identity;
      agent.change(us, { networkStatus: 'connecting' });
      tell(us, { type: types.connectAsked, user, host });
      agent.life.give(us, {
        channel: 'network',
        durationMs: ({ networkMs }) => networkMs,
        finish(doneUs) {
          agent.change(doneUs, { networkStatus: 'connected' });
          tell(doneUs, { type: types.connected, host });
        },
      });
    },
  },
  /** An offline host shows nothing of it until it begins. */
  'initiate-scan': {
    isWanted: (state, _, has) => !isScanning(state, has),
    carryOut({ agent, user, us, tell }) {
      const host = agent.identity;
      tell(us, { type: types.scanAsked, user, host });
      agent.life.give(us, {
        channel: 'scan',
        durationMs: ({ scanMs }) => scanMs,
        begin(startedUs) {
          agent.change(startedUs, {
            scan: 'started',
            scanTimes: { startedUs, finishedUs: null, abortedUs: null },
          });
          tell(startedUs, { type: types.scanStarted, host });
        },
        finish(finishedUs) {
          agent.change(finishedUs, { scan: 'finished', scanTimes: { ...scanTimes(agent), finishedUs } });
          tell(finishedUs, { type: types.scanCompleted, host });
        },
      });
    },
  },
  'abort-scan': {
    isWanted: isScanningHost,
    carryOut({ agent, user, us, tell }) {
      const host = agent.identity;
      tell(us, { type: types.scanAbortAsked, user, host });
      agent.life.give(us, {
        channel: 'abort-scan',
        durationMs: () => 0,
        finish(abortedUs) {
          const wasScanning = isScanning(agent.state, agent.life.has);
          agent.life.cancel('scan');
          // It may have been over before the agent heard of it.
          if (!wasScanning) return;
          agent.change(abortedUs, { scan: 'aborted', scanTimes: { ...scanTimes(agent), abortedUs } });
          tell(abortedUs, { type: types.scanAborted, host });
        },
      });
    },
  },
  'restart-machine': {
    isWanted: (_state, _identity, has) => !has('restart'),
    carryOut({ agent, user, us, tell }) {
      tell(us, { type: types.restartAsked, user, host: agent.identity });
      agent.life.give(us, {
        channel: 'restart',
        isRestart: true,
        durationMs: ({ restartMs }) => restartMs,
        finish: (restartedUs) => agent.change(restartedUs, { restartedUs }),
      });
    },
  },
  'fetch-logs': {
    isWanted: () => true,
    carryOut({ agent, user, us, tell }) {
      const host = agent.identity;
      tell(us, { type: types.logsAsked, user, host });
      agent.life.give(us, {
        channel: 'logs',
        durationMs: ({ logsMs }) => logsMs,
        finish(uploadedUs) {
          const data = (id: string) => ({
            // Below the API's root, as it stands.
            downloadUrl: `/agents/${host.id}/uploads/${id}`,
            fileName: `${host.computerName}_${Math.floor(uploadedUs / micros.second)}.zip`,
          });
          tell(uploadedUs, { type: types.logsUploaded, host, data });
        },
      });
    },
  },
  /** Nothing tells whether anybody has read it. */
  broadcast: {
    isWanted: (_, identity) => isWindows(identity) || identity.os.type === 'macos',
    carryOut: () => undefined,
  },
};

function isScanningHost(state: AgentState, _: AgentIdentity, has: (channel: string) => boolean): boolean {
  return isScanning(state, has);
}
