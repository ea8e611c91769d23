import type { output } from 'zod/mini';
import type { ActionType } from '../../actions/action-type.ts';
import type { Action } from '../../actions/run/action.ts';
import { actionIdText, hashOf, parseActionId } from '../../actions/run/action-id.ts';
import { actionState, isOver } from '../../actions/run/action-state.ts';
import { createAction, type NewAction, planAction, wishesOf } from '../../actions/run/create-action.ts';
import { targetProblems } from '../../actions/targets/requested-target.ts';
import { connectorIdText } from '../../connectors/connector-id.ts';
import type { StoredConnector } from '../../connectors/connector-registry.ts';
import type { Json, JsonObject } from '../../json.ts';
import { readActionCursor, writeActionCursor } from '../action-cursor.ts';
import { actionView, targetView, trailView } from '../action-view.ts';
import { answerOutcome } from '../answer-outcome.ts';
import { answerBytes, mostAnswerBytes } from '../answer-size.ts';
import { askedTenant } from '../asked-tenant.ts';
import { awaitAction } from '../await-action.ts';
import { callerOf } from '../caller.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { planInTime } from '../plan-in-time.ts';
import { type ApiProblem, invalidRequest, notFound } from '../problem.ts';
import { respondConnector } from '../respond-connector.ts';
import { type Call, type Route, route } from '../route.ts';
import * as schema from '../schemas/action.ts';
import type { Services } from '../services.ts';
import { timeRangeProblem } from '../time-range.ts';
import { readPart } from '../validate.ts';

const tag = 'Actions';

const shown = (description: string) => ({
  description,
  schema: schema.actionView,
  example: schema.actionExample,
});

const create = route({
  id: 'createAction',
  method: 'POST',
  path: '/v1/actions',
  right: 'respond',
  tag,
  summary: 'Act on endpoints, threats or alerts',
  description:
    'Every target is read from the console first; what is not found, out of scope, protected or cannot be done is `skipped` with its reason, and the others go on. `done` means that it was seen to be done. The header `Idempotency-Key` is required unless `ticket` is given, which together with action and targets makes one for ten minutes: the same request under the same key is the same action, however often and at how many places at once, also when it was undone since: to do the same once more, send another key. With `dryRun` the answer says what would be done, and nothing is.',
  query: schema.waitQuery,
  body: schema.newAction,
  example: schema.newActionExample,
  headers: ['Idempotency-Key'],
  answers: {
    200: shown('Everything is at its end; or what would be done, of a dry run.'),
    202: {
      ...shown('The action is under way; what becomes of it is under `Location`.'),
      headers: ['Location', 'Retry-After'],
    },
  },
  problems: [409, 429, 502, 503],
  async handle(call) {
    const { body, services } = call;
    const stored = await respondConnector(body.connector, services);
    const type = typeOf(body.action, services);
    const problems = targetProblems(body.targets, type.target);
    if (problems.length > 0) throw invalidRequest(problems);
    const policy = await services.policies.get(stored.connector.tenant);
    if (body.targets.length > policy.mostTargets) throw tooManyTargets(policy.mostTargets);
    const wanted = newAction(call, type);
    const find = (signal: AbortSignal) => wishesOf(body.targets, type, stored, signal);
    if (body.dryRun === true) {
      const plan = await planInTime((signal) =>
        planAction(wanted, find(signal), stored, policy, signal, services),
      );
      return { status: 200, body: dryRunView(call, stored, wanted, plan) };
    }
    const outcome = await planInTime((signal) =>
      createAction(wanted, find(signal), stored, signal, services),
    );
    return await answerOutcome(outcome, stored, call);
  },
});

const list = route({
  id: 'listActions',
  method: 'GET',
  path: '/v1/actions',
  right: 'read',
  tag,
  summary: 'List the actions of a tenant',
  description:
    'Newest first. A page may hold fewer than `limit`, also none: follow `nextCursor` to the end. `tenant` may be left out by callers of one tenant, and where `connector` is given.',
  query: schema.actionQuery,
  answers: {
    200: {
      description: 'A page.',
      schema: schema.actionList,
      example: { actions: [schema.actionExample] },
    },
  },
  async handle({ principal, query, services, now }) {
    const range = {
      from: query.from === undefined ? 0 : Date.parse(query.from),
      to: query.to === undefined ? now + 1 : Date.parse(query.to),
    };
    const problem = timeRangeProblem(range.from, range.to);
    if (problem !== undefined) throw invalidRequest([problem]);
    const page = await services.actions.page({
      tenant: askedTenant(query, principal),
      ...range,
      ...(query.cursor === undefined ? {} : { after: readActionCursor(query.cursor) }),
      limit: Number(query.limit ?? '20'),
    });
    const wanted = page.actions.filter((action) => isWanted(action, query));
    const views = whatFits(wanted.map((action) => actionView(action, undefined)));
    const after = views.length < wanted.length ? wanted[views.length - 1] : page.after;
    return {
      status: 200,
      body: { actions: views, ...(after === undefined ? {} : { nextCursor: writeActionCursor(after) }) },
    };
  },
});

const get = route({
  id: 'getAction',
  method: 'GET',
  path: '/v1/actions/{actionId}',
  right: 'read',
  tag,
  summary: 'What has become of an action',
  description:
    'With `wait` the call waits so many seconds for an end. `nextLookAt` is when the console is looked at again; asking more often shows nothing new.',
  query: schema.waitQuery,
  answers: { 200: shown('The action.') },
  async handle({ params, query, request, services, now }) {
    const action = await find(params['actionId'] ?? '', services);
    const waitSeconds = Number(query.wait ?? '0');
    const latest =
      waitSeconds === 0 || isOver(action)
        ? action
        : await awaitAction(action, { requestId: request.requestId, now, waitSeconds }, services);
    return { status: 200, body: await viewOf(latest, services) };
  },
});

const trail = route({
  id: 'getActionTrail',
  method: 'GET',
  path: '/v1/actions/{actionId}/trail',
  right: 'read',
  tag,
  summary: 'Every step of an action',
  description:
    'Who asked for it and why, each call to the console and its answer, what was seen and when. The same steps are records of the index `audit` in the lake.',
  answers: {
    200: { description: 'Oldest first.', schema: schema.actionTrail, example: schema.trailExample },
  },
  async handle({ params, services }) {
    const action = await find(params['actionId'] ?? '', services);
    return { status: 200, body: { id: actionIdText(action), trail: action.trail.map(trailView) } };
  },
});

/** Response actions, and what became of them. */
export const actionRoutes: readonly Route[] = [create, list, get, trail];

/** Whether the caller may know of its tenant was checked before. */
export async function find(actionId: string, { actions }: Pick<Services, 'actions'>): Promise<Action> {
  const place = parseActionId(actionId);
  const action = place === undefined ? undefined : await actions.get(place);
  if (action === undefined) throw notFound('action');
  return action;
}

/** With the console that it is sent to. */
export async function viewOf(action: Action, { registry }: Pick<Services, 'registry'>) {
  const stored = await registry.get(action.tenant, action.connector);
  return actionView(action, stored?.connector.hostUrl);
}

function newAction(
  {
    body,
    principal,
    request,
  }: Pick<Call<object, output<typeof schema.newAction>>, 'body' | 'principal' | 'request'>,
  type: ActionType,
): NewAction {
  const { dryRun: _, ...asked } = body;
  // What came as JSON is nothing else.
  const told = JSON.parse(JSON.stringify(asked)) as JsonObject;
  const { reason, ticket, expiresInMinutes } = body;
  return {
    type,
    parameters: readPart(type.parameters, body.parameters ?? {}, 'parameters') as JsonObject,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(expiresInMinutes === undefined ? {} : { expiresInMinutes }),
    by: callerOf(principal, request),
    ...(body.dryRun === true ? { key: '' } : idempotencyKey(request, keyParts(ticket, told))),
    requestHash: hashOf(told),
  };
}

/** Where the caller cannot send headers, ticket, action and targets tell which request it is. */
function keyParts(ticket: string | undefined, { action, targets, parameters }: JsonObject): Json | undefined {
  return ticket === undefined ? undefined : { ticket, action, targets, parameters };
}

function dryRunView(
  { principal, request, now }: Pick<Call<object, object>, 'principal' | 'request' | 'now'>,
  { connector }: StoredConnector,
  { type, parameters, reason, ticket }: NewAction,
  { targets, approval }: Awaited<ReturnType<typeof planAction>>,
) {
  const { actor, actorName } = callerOf(principal, request);
  return {
    connector: connectorIdText(connector),
    console: connector.hostUrl,
    action: type.id,
    parameters,
    state: actionState({ targets }),
    dryRun: true,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    requestedBy: { actor, name: actorName },
    requestedAt: new Date(now).toISOString(),
    ...(approval === undefined ? {} : { approval }),
    targets: targets.map(targetView),
  };
}

function typeOf(id: string, { actionTypes }: Pick<Services, 'actionTypes'>): ActionType {
  const type = actionTypes.find((one) => one.id === id);
  if (type !== undefined) return type;
  throw invalidRequest([
    {
      field: 'action',
      message: `is no action: ${JSON.stringify(id)}.`,
      recommendation: `Name one of: ${actionTypes.map((one) => one.id).join(', ')}.`,
    },
  ]);
}

type ActionQuery = output<typeof schema.actionQuery>;

function isWanted(action: Action, { connector, action: type, state, agentId, ticket }: ActionQuery): boolean {
  return (
    (connector === undefined ||
      connector === connectorIdText({ tenant: action.tenant, id: action.connector })) &&
    (type === undefined || type === action.type) &&
    (state === undefined || state === actionState(action)) &&
    (ticket === undefined || ticket === action.ticket) &&
    (agentId === undefined || action.targets.some((target) => target.agentId === agentId))
  );
}

/** As many of a page as an answer can hold: fifty actions with a hundred targets each are more. */
function whatFits(views: readonly ReturnType<typeof actionView>[]) {
  let bytes = 0;
  const first = views.findIndex((view) => {
    bytes += answerBytes(JSON.stringify(view));
    return bytes > mostAnswerBytes;
  });
  return first < 0 ? views : views.slice(0, Math.max(1, first));
}

function tooManyTargets(most: number): ApiProblem {
  return invalidRequest([
    {
      field: 'targets',
      message: `are more than ${most}, which is what the tenant's response policy allows in one action.`,
      recommendation: 'Ask for fewer at a time, or have an admin change mostTargets of the response policy.',
    },
  ]);
}
