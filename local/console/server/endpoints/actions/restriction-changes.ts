import {
  type RestrictionFacts,
  type RestrictionScope,
  restrictionSystems,
} from '../../../world/deeds/restrictions.ts';
import { type ActionRequest, actor, readAction, requiredWord, textOf } from '../../action-request.ts';
import { jsonAnswer } from '../../answer.ts';
import type { Call, Endpoint } from '../../endpoint.ts';
import { readIds } from '../../filters.ts';
import { optionalText, refuseUnknownFields, requiredText } from '../../json-body.ts';
import { parseList } from '../../query.ts';
import { restrictionBody } from '../../restriction-body.ts';
import { isWithin, scopeOf, tenantScope } from '../../restriction-scope.ts';
import { noPermission } from '../../tokens.ts';
import { forbidden, invalidParameter, VendorError } from '../../vendor-error.ts';

/** What is sent here as another type than `black_hash` becomes an exclusion: the console does the contrary, and says nothing. */
const types = ['black_hash', 'white_hash', 'path', 'certificate', 'browser', 'file_type'] as const;
const fields = new Set(['type', 'osType', 'value', 'sha256Value', 'description', 'source']);
const scopeFilters = new Set(['tenant', 'accountIds', 'siteIds', 'groupIds']);
const mostScopes = 500;
const mostIds = 5_000;

/** Blocks a hash, on one operating system, for each of the scopes that the filter names. No source names the permission. */
export const addRestriction: Endpoint = {
  method: 'POST',
  path: '/restrictions',
  authentication: 'token',
  permission: 'Blacklist.create',
  acts: 'responders',
  answer(call) {
    const request = readAction(call);
    const { world } = call;
    const { user, us } = actor(call);
    const facts = factsOf(request);
    const wanted = scopesOf(request, call).map((scope): RestrictionFacts => ({ ...facts, scope }));
    if (wanted.some((one) => world.deeds.restrictions.same(one) !== undefined))
      throw new VendorError(400, 4_000_030, 'Already Exists Error', 'The hash is on the blocklist already.');
    const created = wanted.map((one) => world.deeds.restrict(us, user, one));
    world.deeds.advance(us);
    call.done(
      'restrictions/create',
      created.map(({ id }) => id),
    );
    return jsonAnswer({ data: created.map(restrictionBody) });
  },
};

/** Takes hashes from the blocklist; ids of others, and of other types, are not counted. */
export const deleteRestrictions: Endpoint = {
  method: 'DELETE',
  path: '/restrictions',
  authentication: 'token',
  permission: 'Blacklist.delete',
  acts: 'responders',
  answer(call) {
    const { data } = readAction(call);
    refuseUnknownFields(data, new Set(['ids', 'type']));
    const type = requiredWord(data, 'type', types);
    const ids = readIds('ids', textOf('ids', data.get('ids') ?? null), mostIds);
    const { restrictions } = call.world.deeds;
    const removed = restrictions.all.filter(
      (one) => ids.includes(one.id) && one.type === type && isWithin(call.token, one.scope),
    );
    restrictions.remove(new Set(removed.map(({ id }) => id)));
    call.done(
      'restrictions/delete',
      removed.map(({ id }) => id),
    );
    return jsonAnswer({ data: { affected: removed.length } });
  },
};

/** Throws 400. */
function factsOf({ data }: ActionRequest): Omit<RestrictionFacts, 'scope'> {
  refuseUnknownFields(data, fields);
  const type = requiredWord(data, 'type', types);
  const value = requiredText(data, 'value');
  if (type === 'black_hash' && !/^[0-9a-f]{40}$/i.test(value))
    throw invalidParameter('value', 'Not a valid SHA1.');
  return {
    type,
    osType: requiredWord(data, 'osType', restrictionSystems),
    value,
    sha256Value: optionalText(data, 'sha256Value') ?? null,
    description: optionalText(data, 'description') ?? null,
    source: 'user',
  };
}

/** Throws 400 where no scope is named or one is unknown, and 403 for a scope above the token's. */
function scopesOf({ filter }: ActionRequest, { world, token }: Call): readonly RestrictionScope[] {
  const unknown = [...filter.keys()].find((name) => !scopeFilters.has(name));
  if (unknown !== undefined) throw invalidParameter(unknown, 'Unknown field.');
  const levels = ['account', 'site', 'group'] as const;
  const named = levels.flatMap((level) => {
    const text = filter.get(`${level}Ids`);
    if (text === undefined) return [];
    return parseList(`${level}Ids`, text, mostScopes).map((id) => {
      const scope = scopeOf(world.organisation, level, id);
      if (scope === undefined) throw invalidParameter(`${level}Ids`, `There is no ${level} ${id}.`);
      return scope;
    });
  });
  const scopes = filter.get('tenant') === 'true' ? [tenantScope, ...named] : named;
  if (scopes.length === 0)
    throw invalidParameter('filter', 'One of tenant, accountIds, siteIds or groupIds is required.');
  if (!scopes.every((scope) => isWithin(token, scope))) throw forbidden(noPermission);
  return scopes;
}
