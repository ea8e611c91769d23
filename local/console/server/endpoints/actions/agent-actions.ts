import type { AgentVerb } from '../../../world/deeds/agent-verbs.ts';
import { actor, readAction, selectedBy } from '../../action-request.ts';
import { jsonAnswer } from '../../answer.ts';
import type { Endpoint } from '../../endpoint.ts';
import { type BodyFields, optionalFlag, refuseUnknownFields, requiredText } from '../../json-body.ts';
import type { Query } from '../../query.ts';
import { invalidParameter } from '../../vendor-error.ts';
import { agentFilters } from '../agents.ts';

interface AgentAction {
  readonly verb: AgentVerb;
  readonly permission: string;
  /** True where a filter must name agents in some way; without it an empty filter means every agent that there is. */
  readonly mustName?: true;
  /** Throws 400. */
  readonly readData?: (data: BodyFields) => void;
}

const mostMessage = 140;
const logs = ['agentLogs', 'customerFacingLogs', 'platformLogs'];

const actions: readonly AgentAction[] = [
  { verb: 'disconnect', permission: 'Endpoints.disconnectFromNetwork', mustName: true },
  { verb: 'connect', permission: 'Endpoints.reconnectToNetwork' },
  { verb: 'initiate-scan', permission: 'Endpoints.initiateScan' },
  { verb: 'abort-scan', permission: 'Endpoints.abortScan' },
  { verb: 'restart-machine', permission: 'Endpoints.reboot', mustName: true },
  {
    verb: 'fetch-logs',
    permission: 'Endpoints.FetchLogs',
    readData(data) {
      refuseUnknownFields(data, new Set(logs));
      for (const name of logs) optionalFlag(data, name);
    },
  },
  {
    verb: 'broadcast',
    permission: 'Endpoints.sendMessage',
    readData(data) {
      refuseUnknownFields(data, new Set(['message']));
      if (requiredText(data, 'message').length > mostMessage)
        throw invalidParameter('message', `Longer than maximum length ${mostMessage}.`);
    },
  },
];

/** Commands to agents. What is answered is how many were taken, and nothing about what becomes of them. */
export const agentActions: readonly Endpoint[] = actions.map(({ verb, permission, mustName, readData }) => ({
  method: 'POST',
  path: `/agents/actions/${verb}`,
  authentication: 'token',
  permission,
  acts: 'responders',
  answer(call) {
    const { filter, data } = readAction(call);
    readData?.(data);
    if (mustName) refuseUnnamed(filter);
    const { world } = call;
    const { user, us } = actor(call);
    const agents = agentsOf(filter, call).filter((agent) => world.deeds.command(verb, agent, us, user));
    world.deeds.advance(us);
    call.done(
      verb,
      agents.map((agent) => world.agents.id(agent)),
    );
    return jsonAnswer({ data: { affected: agents.length } });
  },
}));

function agentsOf(filter: Query, call: Parameters<Endpoint['answer']>[0]): readonly number[] {
  const { world } = call;
  // No filter has been saved on this console, so one names nothing.
  if (filter.has('filterId')) return [];
  return selectedBy(filter, world.agents, agentFilters(world.agents), call);
}

function refuseUnnamed(filter: Query): void {
  if (['ids', 'groupIds', 'filterId'].some((name) => filter.has(name))) return;
  throw invalidParameter('filter', 'One of ids, groupIds or filterId is required.');
}
