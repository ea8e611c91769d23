import type { AgentState } from '../agent-body.ts';

/** What a deed has made of a host and what stays so until the next one, whatever the world had planned. */
export type AgentChange = Partial<
  Pick<AgentState, 'networkStatus' | 'isOnline' | 'scan' | 'scanTimes' | 'restartedUs'>
>;
