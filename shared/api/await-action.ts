import type { Action, ActionPlace } from '../actions/run/action.ts';
import { isUnderWay } from '../actions/run/transitions.ts';
import { notFound } from './problem.ts';
import type { Services } from './services.ts';

/** API Gateway ends a call after 29 seconds, and the answer takes a moment. */
const callMs = 25_000;
/** How long a caller sleeps before it asks again what others have seen meanwhile, milliseconds. */
const leastPauseMs = 500;
const longestPauseMs = 2_000;

/** Who waits, and for how long. */
export interface Waiting {
  readonly requestId: string;
  /** When the call began, epoch milliseconds. */
  readonly now: number;
  /** 0 to 20; with 0 one step is done and not more. */
  readonly waitSeconds: number;
}

/**
 * Goes on with an action while its caller waits: sends what is to be sent, and looks, when it is time to, until everything is at its
 * end, nothing is worth waiting for, or the time is over. However many wait, the console is not asked more often. Whatever fails in
 * here stops nothing: the function `outcomes` goes on.
 */
export async function awaitAction(
  place: ActionPlace,
  { requestId, now, waitSeconds }: Waiting,
  services: Services,
): Promise<Action> {
  const { clock, sleep, log, advanceAction } = services;
  const until = now + waitSeconds * 1000;
  const deadline = now + callMs;
  // Finding the targets has taken some of the time already.
  const signal = AbortSignal.timeout(Math.max(0, deadline - clock.now()));
  for (let step = 0; ; step++) {
    try {
      await advanceAction({ place, owner: `${requestId}/${step}`, deadline, signal });
    } catch (error) {
      log.error('A step of an action failed while its caller waited; it is done again by itself.', {
        ...{ tenant: place.tenant, connector: place.connector, action: place.id },
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
    const action = await services.actions.get(place);
    if (action === undefined) throw notFound('action');
    const dueInMs = (action.nextDueAt ?? 0) - clock.now();
    const pauseMs = Math.min(Math.max(dueInMs, leastPauseMs), longestPauseMs);
    if (!isWorthWaiting(action) || clock.now() + pauseMs > until) return action;
    await sleep(pauseMs, signal);
  }
}

/** An endpoint that is offline, and somebody who has to approve, may take days. */
function isWorthWaiting({ targets }: Action): boolean {
  return targets.some(
    ({ state }) => state === 'requested' || (isUnderWay(state) && state !== 'pending_offline'),
  );
}
