import { jsonAnswer } from '../answer.ts';
import type { Endpoint } from '../endpoint.ts';
import { select } from '../list-endpoint.ts';
import { count } from '../ordering.ts';
import { refuseUnknown } from '../query.ts';
import { agentFilters } from './agents.ts';

export const agentsCount: Endpoint = {
  method: 'GET',
  path: '/agents/count',
  authentication: 'token',
  permission: 'Endpoints.view',
  answer(call) {
    const filters = agentFilters(call.world.agents);
    refuseUnknown(call.query, new Set(Object.keys(filters)));
    return jsonAnswer({ data: { total: count(select(call.world.agents, filters, call)) } });
  },
};
