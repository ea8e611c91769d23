import type { Endpoint } from './things.ts';

/** What becomes of a command once the console has it. */
export interface Fate {
  /** From when the endpoint can work on it until it begins, and from then until its end. Milliseconds. */
  readonly beginMs: number;
  readonly workMs: number;
  /** `never`: it hangs, and nothing more is seen of it. */
  readonly end: 'done' | 'failed' | 'never';
}

/** A command to agents, as the console and the agent carry it out. Activity types in the vendor's numbers. */
export interface AgentVerb {
  readonly issued?: number;
  /** False where the console counts the endpoint as not affected: it is so already. */
  takes(endpoint: Endpoint): boolean;
  /** What the record of an endpoint that is online shows at once. */
  accept?(endpoint: Endpoint): void;
  begin?(endpoint: Endpoint, time: string): number | undefined;
  /** The activity types of the end; absent where none tells of it. */
  end?(endpoint: Endpoint, time: string, isDone: boolean): number | undefined;
}

/** Below `/agents/actions/`. */
export const agentVerbs: Readonly<Record<string, AgentVerb>> = {
  disconnect: {
    issued: 61,
    takes: ({ networkStatus }) => networkStatus === 'connected' || networkStatus === 'connecting',
    accept: (endpoint) => {
      endpoint.networkStatus = 'disconnecting';
    },
    end: (endpoint, _, isDone) => {
      endpoint.networkStatus = isDone ? 'disconnected' : 'connected';
      return isDone ? 1001 : 2010;
    },
  },
  connect: {
    issued: 62,
    takes: ({ networkStatus }) => networkStatus === 'disconnected' || networkStatus === 'disconnecting',
    accept: (endpoint) => {
      endpoint.networkStatus = 'connecting';
    },
    end: (endpoint, _, isDone) => {
      endpoint.networkStatus = isDone ? 'connected' : 'disconnected';
      return isDone ? 1002 : undefined;
    },
  },
  'initiate-scan': {
    issued: 71,
    takes: ({ scanStatus }) => scanStatus !== 'started',
    begin: (endpoint, time) => {
      endpoint.scanStatus = 'started';
      endpoint.scanStartedAt = time;
      return 90;
    },
    end: (endpoint, time, isDone) => {
      // Somebody has aborted it meanwhile.
      if (endpoint.scanStatus !== 'started') return undefined;
      endpoint.scanStatus = isDone ? 'finished' : 'aborted';
      endpoint[isDone ? 'scanFinishedAt' : 'scanAbortedAt'] = time;
      return isDone ? 92 : 91;
    },
  },
  'abort-scan': {
    issued: 72,
    takes: ({ scanStatus }) => scanStatus === 'started',
    end: (endpoint, time, isDone) => {
      if (endpoint.scanStatus !== 'started' || !isDone) return undefined;
      endpoint.scanStatus = 'aborted';
      endpoint.scanAbortedAt = time;
      return 91;
    },
  },
  'restart-machine': {
    issued: 74,
    takes: () => true,
    end: (endpoint, time, isDone) => {
      if (isDone) endpoint.osStartTime = time;
      return undefined;
    },
  },
  'fetch-logs': {
    issued: 65,
    takes: () => true,
    end: (_, __, isDone) => (isDone ? 66 : undefined),
  },
  broadcast: { takes: () => true },
};

/** A mitigation of threats. */
export interface ThreatVerb {
  /** As `mitigationStatus[].action` names it. */
  readonly action: string;
  readonly issued: number;
  readonly success: number;
  readonly failed: number;
}

/** Below `/threats/mitigate/`. */
export const threatVerbs: Readonly<Record<string, ThreatVerb>> = {
  kill: { action: 'kill', issued: 2011, success: 2001, failed: 2006 },
  quarantine: { action: 'quarantine', issued: 2014, success: 2004, failed: 2009 },
  'un-quarantine': { action: 'unquarantine', issued: 2015, success: 2026, failed: 2027 },
  remediate: { action: 'remediate', issued: 2012, success: 2002, failed: 2007 },
  'rollback-remediation': { action: 'rollback-remediation', issued: 2013, success: 2003, failed: 2008 },
};
