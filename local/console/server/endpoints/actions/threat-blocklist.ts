import type { RestrictionFacts, RestrictionScope } from '../../../world/deeds/restrictions.ts';
import { type ActionRequest, actor, readAction, requiredWord, selectedBy } from '../../action-request.ts';
import { jsonAnswer } from '../../answer.ts';
import type { Call, Endpoint } from '../../endpoint.ts';
import { optionalText, refuseUnknownFields } from '../../json-body.ts';
import { isWithin, scopeOf, tenantScope } from '../../restriction-scope.ts';
import { noPermission } from '../../tokens.ts';
import { forbidden } from '../../vendor-error.ts';
import { threatFilters } from '../threats.ts';

const levels = ['group', 'site', 'account', 'tenant'] as const;
const fields = new Set(['targetScope', 'description', 'note', 'externalTicketId']);

/** Blocks the files of threats in the scope of each threat that is named by its level. */
export const addThreatsToBlocklist: Endpoint = {
  method: 'POST',
  path: '/threats/add-to-blacklist',
  authentication: 'token',
  permission: 'Blacklist.create',
  acts: 'responders',
  answer(call) {
    const request = readAction(call);
    refuseUnknownFields(request.data, fields);
    const level = requiredWord(request.data, 'targetScope', levels);
    const description = optionalText(request.data, 'description') ?? null;
    for (const name of ['note', 'externalTicketId']) optionalText(request.data, name);
    const { world } = call;
    const { user, us } = actor(call);
    const created: string[] = [];
    const details = threatsOf(request, call).map((threat) => {
      const threatId = world.threats.id(threat);
      const facts = factsOf(threat, level, call);
      if (facts === undefined) return { threatId, result: 'threat_has_no_hash' };
      if (world.deeds.restrictions.same(facts) !== undefined) return { threatId, result: 'already_exists' };
      world.deeds.restrict(us, user, { ...facts, description }, threat);
      created.push(threatId);
      return { threatId, result: 'created' };
    });
    world.deeds.advance(us);
    call.done('threats/add-to-blacklist', created);
    return jsonAnswer({ data: { affected: created.length, details } });
  },
};

function threatsOf({ filter }: ActionRequest, call: Call): readonly number[] {
  return selectedBy(filter, call.world.threats, threatFilters(call.world.threats, call), call);
}

/** Undefined for a threat without a file. Throws 403 for a scope above the token's. */
function factsOf(
  threat: number,
  level: (typeof levels)[number],
  { world, token }: Call,
): RestrictionFacts | undefined {
  const { sha1, sha256 } = world.threats.file(threat);
  const { group, os } = world.threats.host(threat);
  const ids = { group: group.id, site: group.site.id, account: group.site.account.id };
  const scope: RestrictionScope | undefined =
    level === 'tenant' ? tenantScope : scopeOf(world.organisation, level, ids[level]);
  if (scope === undefined) throw new Error(`Threat ${threat} belongs to no ${level}.`);
  if (!isWithin(token, scope)) throw forbidden(noPermission);
  if (sha1 === '') return undefined;
  return {
    type: 'black_hash',
    osType: os.type,
    value: sha1,
    sha256Value: sha256,
    description: null,
    source: 'action_from_threat',
    scope,
  };
}
