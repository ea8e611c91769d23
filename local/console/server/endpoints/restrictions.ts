import type { Restriction } from '../../world/deeds/restrictions.ts';
import { answerPage, type PageSource } from '../answer-page.ts';
import type { Position } from '../cursor.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { readIds } from '../filters.ts';
import { readPage } from '../list-endpoint.ts';
import { flag, parseFlag, parseList, refuseUnknown } from '../query.ts';
import { restrictionBody } from '../restriction-body.ts';
import { isWithin, scopeOf } from '../restriction-scope.ts';

const mostSkipped = 1_000;
const mostIds = 1_000;
const controls = ['limit', 'skip', 'cursor', 'countOnly', 'skipCount', 'sortBy', 'sortOrder'];
/** All three are the order of the ids: nobody changes a restriction. */
const sortKeys = { id: null, createdAt: null, updatedAt: null } as const;

type Test = (restriction: Restriction) => boolean;

const oneOf =
  (get: (restriction: Restriction) => string | null) =>
  (wanted: readonly string[]): Test =>
  (restriction) =>
    wanted.includes(get(restriction) ?? '');

/** Each reads the text of its parameter. Throws 400. */
const filters: Readonly<Record<string, (name: string, text: string, call: Call) => Test>> = {
  ids: (name, text) => oneOf(({ id }) => id)(readIds(name, text, mostIds)),
  type: (_, text) => oneOf(({ type }) => type)([text]),
  osTypes: (name, text) => oneOf(({ osType }) => osType)(parseList(name, text, mostIds)),
  // A hash in the other case is another hash to this one.
  value: (_, text) => oneOf(({ value }) => value)([text]),
  value__contains: (name, text) => {
    const parts = parseList(name, text, mostIds).map((part) => part.toLowerCase());
    return ({ value }) => parts.some((part) => value.toLowerCase().includes(part));
  },
  siteIds: (name, text, call) => ofLevel('site', readIds(name, text), call),
  accountIds: (name, text, call) => ofLevel('account', readIds(name, text), call),
  groupIds: (name, text, call) => ofLevel('group', readIds(name, text), call),
  includeParents: (name, text) => widening(name, text),
  includeChildren: (name, text) => widening(name, text),
};

/** Lets everything through: it is the filters of scopes that it makes wider. */
function widening(name: string, text: string): Test {
  parseFlag(name, text);
  return () => true;
}

type Scope = Restriction['scope'];

/** What holds for a scope by itself, and where that is asked for what it has from the scopes above it, or those below it have. */
function ofLevel(
  level: Exclude<Scope['level'], 'tenant'>,
  ids: readonly string[],
  { query, world }: Call,
): Test {
  const named = ids.flatMap((id) => scopeOf(world.organisation, level, id) ?? []);
  const withParents = flag(query, 'includeParents');
  const withChildren = flag(query, 'includeChildren');
  return ({ scope }) =>
    named.some(
      (one) =>
        (scope.level === one.level && scope.id === one.id) ||
        (withParents && isAbove(scope, one)) ||
        (withChildren && isAbove(one, scope)),
    );
}

const levels: readonly Scope['level'][] = ['tenant', 'account', 'site', 'group'];

/** True where the lower scope is a part of the upper one, and not that itself. */
function isAbove(upper: Scope, lower: Scope): boolean {
  if (levels.indexOf(upper.level) >= levels.indexOf(lower.level)) return false;
  return (
    upper.level === 'tenant' || upper.id === (upper.level === 'account' ? lower.accountId : lower.siteId)
  );
}

/** The blocklist, of all scopes that the token sees where no filter names one. */
export const restrictions: Endpoint = {
  method: 'GET',
  path: '/restrictions',
  authentication: 'token',
  permission: 'Blacklist.view',
  answer(call) {
    const { query, world, token, quirks } = call;
    refuseUnknown(query, new Set([...controls, ...Object.keys(filters)]));
    const page = readPage(query, sortKeys, mostSkipped);
    const tests = testsOf(call);
    const selected = world.deeds.restrictions.all.filter(
      (restriction) => isWithin(token, restriction.scope) && tests.every((test) => test(restriction)),
    );
    const inOrder = page.descending ? selected.toReversed() : selected;
    const at = (item: number): Restriction => {
      const restriction = inOrder[item];
      if (restriction === undefined) throw new Error(`There is no restriction in place ${item}.`);
      return restriction;
    };
    const source: PageSource = {
      binding: {
        seed: world.options.seed,
        path: '/restrictions',
        sortBy: page.sortBy,
        sortOrder: page.descending ? 'desc' : 'asc',
        filters: [...query].filter(([name]) => name in filters),
      },
      total: () => inOrder.length,
      behind: (position) => itemsBehind(inOrder, page.descending, position),
      positionOf: (item) => ({ key: 0, id: at(item).id }),
      isKnown: world.deeds.restrictions.isKnown,
      body: (item) => restrictionBody(at(item)),
    };
    return answerPage(source, page, quirks);
  },
};

function testsOf(call: Call): readonly Test[] {
  return [...call.query].flatMap(([name, text]) => {
    const parse = Object.hasOwn(filters, name) ? filters[name] : undefined;
    return parse === undefined ? [] : [parse(name, text, call)];
  });
}

function* itemsBehind(
  inOrder: readonly Restriction[],
  descending: boolean,
  behind: Position | null,
): Generator<number> {
  for (const [item, { id }] of inOrder.entries()) {
    const isBehind =
      behind === null || (descending ? BigInt(id) < BigInt(behind.id) : BigInt(id) > BigInt(behind.id));
    if (isBehind) yield item;
  }
}
