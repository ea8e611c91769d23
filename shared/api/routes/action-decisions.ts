import type { Action } from '../../actions/run/action.ts';
import { hashOf } from '../../actions/run/action-id.ts';
import { approveAction, cancelAction, type DecideOutcome } from '../../actions/run/decide-action.ts';
import { undoAction } from '../../actions/run/undo-action.ts';
import { connectorIdText } from '../../connectors/connector-id.ts';
import { answerOutcome } from '../answer-outcome.ts';
import { awaitAction } from '../await-action.ts';
import { callerOf } from '../caller.ts';
import { headerKey } from '../idempotency-key.ts';
import { planInTime } from '../plan-in-time.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { respondConnector } from '../respond-connector.ts';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/action.ts';
import { find, viewOf } from './actions.ts';

const tag = 'Actions';

const shown = (description: string) => ({
  description,
  schema: schema.actionView,
  example: schema.actionExample,
});

const undo = route({
  id: 'undoAction',
  method: 'POST',
  path: '/v1/actions/{actionId}/undo',
  right: 'respond',
  tag,
  summary: 'Take back what an action has done',
  description:
    'Makes the action that is the way back, for exactly the targets that are `done`; what was so already is left alone. Asking again is the same undo, unless another `Idempotency-Key` is given.',
  query: schema.waitQuery,
  body: schema.undo,
  example: schema.undoExample,
  headers: ['Idempotency-Key'],
  answers: {
    200: shown('The undoing action; everything is at its end.'),
    202: {
      ...shown('The undoing action, which is under way.'),
      headers: ['Location', 'Retry-After'],
    },
  },
  problems: [409, 429, 502, 503],
  async handle(call) {
    const { params, body, principal, request, services } = call;
    const action = await find(params['actionId'] ?? '', services);
    const { tenant, connector } = action;
    const stored = await respondConnector(connectorIdText({ tenant, id: connector }), services);
    const { reason, ticket } = body;
    const asked = {
      by: callerOf(principal, request),
      key: `undo ${action.id} ${headerKey(request) ?? ''}`,
      requestHash: hashOf({ undo: action.id }),
      ...(reason === undefined ? {} : { reason }),
      ...(ticket === undefined ? {} : { ticket }),
    };
    const outcome = await planInTime((signal) => undoAction(action, asked, stored, signal, services));
    if (outcome.kind === 'nothing') throw nothingToUndo();
    // That somebody has asked for it is a step of this one too.
    const { requestId } = request;
    await awaitAction(action, { requestId: `${requestId}/undo`, now: call.now, waitSeconds: 0 }, services);
    return await answerOutcome(outcome, stored, call);
  },
});

const approve = route({
  id: 'approveAction',
  method: 'POST',
  path: '/v1/actions/{actionId}/approve',
  right: 'respond',
  tag,
  summary: 'Approve an action that waits for it',
  description:
    'By somebody other than who has asked for it. What waits is sent then. Approving again changes nothing.',
  query: schema.waitQuery,
  answers: { 200: shown('The action; its targets are sent, or about to be.') },
  problems: [409],
  async handle({ params, query, principal, request, services, now }) {
    const action = await find(params['actionId'] ?? '', services);
    const { tenant, connector } = action;
    await respondConnector(connectorIdText({ tenant, id: connector }), services);
    const by = callerOf(principal, request);
    const outcome = await approveAction(action, by, { actions: services.actions, now });
    const isMine = ({ approval }: Action) => approval?.approvedBy?.actor === by.actor;
    const approved = decided(outcome, 'waits for an approval', isMine);
    const waiting = { requestId: request.requestId, now, waitSeconds: Number(query.wait ?? '0') };
    return { status: 200, body: await viewOf(await awaitAction(approved, waiting, services), services) };
  },
});

const cancel = route({
  id: 'cancelAction',
  method: 'POST',
  path: '/v1/actions/{actionId}/cancel',
  right: 'respond',
  tag,
  summary: 'Cancel what has not been sent yet',
  description:
    'Also how an approval is refused. What was sent is followed to its end; undo is the way back from it.',
  answers: { 200: shown('The action; what was not sent never will be.') },
  problems: [409],
  async handle({ params, principal, request, services, now }) {
    const action = await find(params['actionId'] ?? '', services);
    const by = callerOf(principal, request);
    const outcome = await cancelAction(action, by, { actions: services.actions, now });
    const isCancelled = ({ trail }: Action) => trail.some(({ kind }) => kind === 'cancelled');
    const cancelled = decided(outcome, 'is still to be sent', isCancelled);
    const waiting = { requestId: request.requestId, now, waitSeconds: 0 };
    return { status: 200, body: await viewOf(await awaitAction(cancelled, waiting, services), services) };
  },
});

/** What somebody decides about an action that there is. */
export const actionDecisionRoutes: readonly Route[] = [undo, approve, cancel];

/** A decision that is repeated, after a lost answer say, is none: the action is given as it is. */
function decided(outcome: DecideOutcome, wanted: string, isDecided: (action: Action) => boolean): Action {
  if (outcome.kind === 'missing') throw notFound('action');
  if (outcome.kind === 'own') {
    throw new ApiProblem({
      status: 403,
      code: 'approval_by_requester',
      detail: 'Whoever has asked for an action cannot approve it.',
      recommendation: 'Have somebody approve it with a key of their own.',
    });
  }
  if (outcome.kind === 'nothing' && !isDecided(outcome.action)) {
    throw new ApiProblem({
      status: 409,
      code: 'nothing_to_decide',
      detail: `No target of the action ${wanted}.`,
      recommendation: 'Read the action: its targets say what has become of them.',
    });
  }
  return outcome.action;
}

function nothingToUndo(): ApiProblem {
  return new ApiProblem({
    status: 409,
    code: 'nothing_to_undo',
    detail: 'No target of the action is done in a way that there is a way back from.',
    recommendation:
      'Read the action: only targets that are done are undone. What is under way can be undone when it is done.',
  });
}
