import type { Action } from '../actions/run/action.ts';
import { actionIdText } from '../actions/run/action-id.ts';
import { isOver } from '../actions/run/action-state.ts';
import type { CreateOutcome } from '../actions/run/create-action.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import { actionView } from './action-view.ts';
import { awaitAction } from './await-action.ts';
import type { ApiRequest } from './http.ts';
import { ApiProblem } from './problem.ts';
import type { Answer, Call } from './route.ts';

/** What is common to the calls that make an action. */
export type MakingCall = Pick<
  Call<{ readonly wait?: string | undefined }, object>,
  'query' | 'request' | 'services' | 'now'
>;

/**
 * Answers a call that makes an action. The first step is done while the caller waits, and more of them where `wait` says so.
 * @throws ApiProblem 409 where the key was used for another request, 429 at the limit of isolations
 */
export async function answerOutcome(
  outcome: CreateOutcome,
  { connector }: StoredConnector,
  { query, request, services, now }: MakingCall,
): Promise<Answer> {
  if (outcome.kind === 'other') throw otherRequest(outcome.action, request);
  if (outcome.kind === 'limited') {
    services.count('IsolationLimitReached');
    throw isolationLimit(outcome);
  }
  const { action } = outcome;
  const waiting = { requestId: request.requestId, now, waitSeconds: Number(query.wait ?? '0') };
  const latest =
    isOver(action) && outcome.kind === 'known' ? action : await awaitAction(action, waiting, services);
  const repeated = outcome.kind === 'known' ? { repeated: true } : {};
  const body = { ...actionView(latest, connector.hostUrl), ...repeated };
  const headers = { Location: `/v1/actions/${actionIdText(latest)}` };
  if (isOver(latest)) return { status: 200, body, headers };
  return { status: 202, body, headers: { ...headers, 'Retry-After': '5' } };
}

/** Without the header, the ticket has made the key. */
function otherRequest(action: Action, { headers }: Pick<ApiRequest, 'headers'>): ApiProblem {
  const isKeyed = headers['idempotency-key'] !== undefined;
  return new ApiProblem({
    status: 409,
    code: 'idempotency_key_reused',
    detail: isKeyed
      ? `Another request was made under this idempotency key: the action ${actionIdText(action)}.`
      : `The same was asked for under this ticket before, with another reason or expiry: the action ${actionIdText(action)}.`,
    recommendation: isKeyed
      ? 'Use a new key for a new request, and the same key only for the very same request.'
      : 'Read that action. If it is to be done once more, send the header Idempotency-Key with a value of its own.',
    field: isKeyed ? 'Idempotency-Key' : 'ticket',
  });
}

function isolationLimit({
  used,
  most,
  retryAfterMs,
}: {
  used: number;
  most: number;
  retryAfterMs?: number;
}): ApiProblem {
  if (retryAfterMs === undefined) {
    return new ApiProblem({
      status: 429,
      code: 'isolation_limit',
      detail: `The action would isolate more endpoints than the ${most} that the tenant's response policy allows a caller within an hour. Nothing was isolated now.`,
      recommendation:
        'Ask for fewer endpoints at a time, or have an admin raise isolationsPerHour of the response policy.',
    });
  }
  return new ApiProblem({
    status: 429,
    code: 'isolation_limit',
    detail: `The caller has isolated ${used} endpoints within the last hour, of ${most} that the tenant's response policy allows. Nothing was isolated now.`,
    recommendation:
      'Look whether a playbook runs wild. If not: wait as long as Retry-After says, or have an admin raise isolationsPerHour of the response policy.',
    retryAfterSeconds: Math.ceil(retryAfterMs / 1000),
  });
}
