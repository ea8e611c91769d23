import type { Draws } from '../../../local/console/world/random.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { type Records, text } from './census.ts';
import { type AskedConnector, knownActions } from './meaning.ts';
import { seededTargets, type Things } from './seeded-targets.ts';

/** Whose key a call is made with. */
export const callers = ['soar', 'analyst', 'reader', 'stranger', 'nobody'] as const;
export type CallerName = (typeof callers)[number];

/** A call of the control API. */
export interface PlannedCall {
  /** For people. */
  readonly what: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly caller: CallerName;
  readonly text?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request of this run that made an action, or came to one. */
export interface Earlier {
  readonly call: PlannedCall;
  /** As the API names it. */
  readonly actionId: string;
  /** True where it waits for an approval, or did when it was made. */
  readonly isWaiting: boolean;
  /** True where it can be undone when it is done. */
  readonly hasWayBack: boolean;
}

/** What a call is made of. */
export interface CallThings extends Omit<Things, 'connector'> {
  readonly connectors: readonly AskedConnector[];
  /** Those of the only site that one of the connectors is kept to. */
  readonly own: Records;
  /** The calls so far that made actions, oldest first. */
  readonly earlier: readonly Earlier[];
  /** Unique to the call. */
  readonly key: string;
}

/** Any call by which an action is made, decided about or looked at. */
export function seededCall(things: CallThings): PlannedCall {
  const { random, earlier } = things;
  const share = random.next();
  if (share < 0.04) return garbage(things);
  if (earlier.length === 0 || share < 0.72) return creation(things);
  if (share < 0.76) return repeated(random, random.pick(earlier));
  return decision(things);
}

const inJson = { 'Content-Type': 'application/json' };

function creation(things: CallThings): PlannedCall {
  const { random, key } = things;
  const asked = random.pick(things.connectors);
  const records = asked.siteId !== undefined && random.chance(0.8) ? things.own : things.records;
  const [action, { kind }] = random.pick([...knownActions]);
  const aimedAt = random.chance(0.99) ? kind : random.pick(['agent', 'threat', 'alert'] as const);
  const isKeyed = random.chance(0.9);
  const isTicketed = random.chance(isKeyed ? 0.1 : 0.9);
  const body: JsonObject = {
    connector: random.chance(0.97) ? `${asked.tenant}.${asked.id}` : random.pick(otherConnectors),
    action: random.chance(0.99) ? action : random.pick(otherActions),
    targets: seededTargets({ ...things, records, connector: asked }, aimedAt),
    ...(random.chance(0.96)
      ? { parameters: parametersOf(random, action) }
      : oddParameters(random, records.agents)),
    ...(random.chance(0.1) ? { dryRun: random.chance(0.95) ? true : 'true' } : {}),
    ...(random.chance(0.1) ? { reason: 'Seen by a playbook' } : {}),
    ...(isTicketed ? { ticket: random.pick(['INC-1', 'INC-2', key]) } : {}),
    ...(random.chance(0.1) ? { expiresInMinutes: random.pick([1, 5, 60]) } : {}),
    ...(random.chance(0.02) ? random.pick(oddMembers) : {}),
  };
  const idempotency = isKeyed ? { 'Idempotency-Key': random.chance(0.98) ? key : 'step' } : {};
  return {
    what: `${action} ${`${JSON.stringify(body['targets'])}`.slice(0, 300)}`,
    method: 'POST',
    path: `/v1/actions${waiting(random)}`,
    caller: callerOf(random),
    text: JSON.stringify(body),
    headers: { ...inJson, ...idempotency },
  };
}

/** The same again, as a playbook does that has heard no answer; or something else under the same key. */
function repeated(random: Draws, { call }: Earlier): PlannedCall {
  const other = call.text?.replace(/"action":"[^"]*"/, `"action":"${random.pick([...knownActions.keys()])}"`);
  const isSame = random.chance(0.7);
  return {
    ...call,
    what: `again: ${call.what}`,
    ...(isSame || other === undefined ? {} : { text: other }),
  };
}

function decision({ random, key, earlier }: CallThings): PlannedCall {
  const kind = random.pick(['undo', 'undo', 'undo', 'undo', 'approve', 'cancel', 'look', 'look'] as const);
  const { actionId } = decidedOn(random, kind, earlier);
  const id = random.chance(0.97)
    ? actionId
    : random.pick([`${actionId.slice(0, -1)}0`, '*', 'northwind.emea-servers.*', '%2E%2E']);
  const path = `/v1/actions/${id}`;
  // Whoever has asked may not approve, so mostly somebody else does.
  const caller = kind === 'approve' && random.chance(0.7) ? 'analyst' : callerOf(random);
  if (kind === 'look')
    return { what: `look at ${id}`, method: 'GET', path: `${path}${waiting(random)}`, caller, headers: {} };
  const oddBodies: readonly Json[] = [{ ids: [] }, { filter: {} }, []];
  return {
    what: `${kind} ${id}`,
    method: 'POST',
    path: `${path}/${kind}${waiting(random)}`,
    caller,
    text: JSON.stringify(random.chance(0.1) ? random.pick(oddBodies) : { reason: 'False positive' }),
    headers: { ...inJson, ...(random.chance(0.3) ? { 'Idempotency-Key': key } : {}) },
  };
}

/** Mostly one for which the decision can mean something. */
function decidedOn(
  random: Draws,
  kind: 'undo' | 'approve' | 'cancel' | 'look',
  earlier: readonly Earlier[],
): Earlier {
  const fit = earlier.filter(({ isWaiting, hasWayBack }) =>
    kind === 'undo' ? hasWayBack : kind === 'look' || isWaiting,
  );
  return fit.length === 0 || random.chance(0.2) ? random.pick(earlier) : random.pick(fit.slice(-20));
}

/** Nothing that anybody should take for a request. */
function garbage({ random, records, key }: CallThings): PlannedCall {
  const id = text(random.pick(records.agents), 'id');
  const body = random.pick<string>([
    ...['', ' ', '{', 'null', '[]', '{}', '""', '0', '{"filter":{}}', '{"action":"contain"}', '\u0000'],
    `{"connector":"northwind.emea-servers","action":"contain","targets":{"agentId":"${id}"}}`,
    `{"connector":"northwind.emea-servers","action":"contain","filter":{"ids":["${id}"]}}`,
    `{"connector":"northwind.emea-servers","action":"contain","targets":[{"agentId":"${id}"}]`,
    `{"connector":"northwind.emea-servers","action":["contain"],"targets":[{"agentId":"${id}"}]}`,
    `{"connector":"northwind.emea-servers","action":"contain","targets":"*"}`,
    `{"__proto__":{"targets":[{"agentId":"${id}"}]},"connector":"northwind.emea-servers","action":"contain"}`,
  ]);
  return {
    what: `garbage ${body.slice(0, 200)}`,
    method: 'POST',
    path: random.pick([
      '/v1/actions',
      '/v1/actions/',
      '/v1/actions/*/undo',
      '/v1/actions?filter=',
      '/v1/action',
    ]),
    caller: callerOf(random),
    text: body,
    headers: random.chance(0.9) ? { ...inJson, 'Idempotency-Key': key } : { 'Content-Type': 'text/plain' },
  };
}

function callerOf(random: Draws): CallerName {
  return random.chance(0.96) ? random.pick(['soar', 'soar', 'soar', 'analyst']) : random.pick(callers);
}

function waiting(random: Draws): string {
  const share = random.next();
  if (share < 0.7) return '';
  return share < 0.98
    ? `?wait=${random.pick([0, 1, 3, 3, 8, 20])}`
    : random.pick(['?wait=21', '?wait=', '?wait=-1']);
}

function parametersOf(random: Draws, action: string): JsonObject {
  switch (action) {
    case 'set-incident-status':
    case 'set-alert-status':
      return { status: random.pick(['unresolved', 'in_progress', 'IN_PROGRESS', 'Resolved']) };
    case 'set-analyst-verdict':
    case 'set-alert-verdict':
      return { verdict: random.pick(['undefined', 'true_positive', 'False positive', 'suspicious']) };
    case 'add-to-blocklist':
    case 'remove-from-blocklist':
      return random.pick([{}, { scope: 'site' }, { scope: 'account' }, { scope: 'group' }]);
    case 'add-note':
      return { note: random.pick(['Seen by playbook 7.', '{"filter":{}}', '<b>&amp;']) };
    case 'broadcast-message':
      return { message: 'Please save your work.' };
    case 'fetch-logs':
      return random.pick([{}, { agentLogs: true, customerFacingLogs: false, platformLogs: false }]);
    default:
      return {};
  }
}

function oddParameters(random: Draws, agents: readonly JsonObject[]): JsonObject {
  const ids = [text(random.pick(agents), 'id')];
  return random.pick<JsonObject>([
    ...[{}, { parameters: null }, { parameters: [] }, { parameters: 'ids' }, { parameters: { ids } }],
    ...[{ parameters: { ids: [] } }, { parameters: { filter: {} } }, { parameters: { filter: { ids } } }],
    ...[
      { parameters: { scope: 'tenant' } },
      { parameters: { scope: ['site'] } },
      { parameters: { status: '' } },
    ],
    ...[
      { parameters: { note: '' } },
      { parameters: { message: 'x'.repeat(141) } },
      { parameters: { data: {} } },
    ],
  ]);
}

const oddMembers: readonly JsonObject[] = [
  ...[{ filter: {} }, { ids: [] }, { agentIds: [] }, { targets: undefined }, { siteIds: [] }],
  ...[{ all: true }, { tenant: 'northwind' }, { connector: null }, { action: '' }, { expiresInMinutes: 0 }],
];

const otherConnectors: readonly Json[] = [
  ...['northwind.collector', 'contoso.emea-servers', 'northwind.nothing', 'northwind', '', '*'],
  ...['NORTHWIND.EMEA-SERVERS', 'northwind.emea-servers.', null, ['northwind.emea-servers']],
];

const otherActions: readonly Json[] = [
  'uninstall',
  'CONTAIN',
  'disconnect',
  '',
  '*',
  null,
  'kill ',
  '__proto__',
];
