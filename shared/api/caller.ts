import { creatorName } from '../access/create-key.ts';
import type { Principal } from '../access/principal.ts';
import type { Caller } from '../actions/run/action.ts';
import type { ApiRequest } from './http.ts';

/** Who makes a call, as an action's trail keeps it. */
export function callerOf(
  principal: Principal,
  { sourceIp, requestId }: Pick<ApiRequest, 'sourceIp' | 'requestId'>,
): Caller {
  return { actor: creatorName(principal), actorName: principal.name, sourceIp, requestId };
}
