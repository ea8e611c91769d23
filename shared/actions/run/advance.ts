import type { AuditLog } from '../../audit/audit-log.ts';
import type { ConnectorRegistry, StoredConnector } from '../../connectors/connector-registry.ts';
import type { ConnectorKey } from '../../connectors/credentials.ts';
import { backoffMs } from '../../engine/backoff.ts';
import type { ConsoleSession } from '../../engine/slice.ts';
import { ConnectorError } from '../../errors.ts';
import type { Clock, Log, Random } from '../../ports.ts';
import type { ActionType } from '../action-type.ts';
import type { TellPolicy, TellResult } from '../callbacks/tell.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { ResponsePolicy } from '../policy/response-policy.ts';
import type { Action, ActionPlace } from './action.ts';
import type { ActionQueue } from './action-message.ts';
import type { ActionStore } from './action-store.ts';
import { afterTelling } from './after-telling.ts';
import { archiveTrail } from './archive-trail.ts';
import { endWithConnector, giveUpTargets } from './end-targets.ts';
import { expireTargets } from './expire-targets.ts';
import { HeldAction, LeaseLost } from './held-action.ts';
import { lookAtTargets } from './look.ts';
import { nextDueAt } from './next-due.ts';
import { sendRequested } from './send-requested.ts';
import { isUnderWay } from './transitions.ts';

export interface AdvanceDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly actions: ActionStore;
  readonly registry: Pick<ConnectorRegistry, 'get'>;
  /** Opens the connector's console. Throws `ConnectorError` where the secret or the host is no good. */
  readonly openConsole: (key: ConnectorKey) => Promise<ConsoleSession>;
  readonly findActionType: (id: string) => ActionType | undefined;
  readonly policies: Pick<PolicyStore, 'get'>;
  readonly queue: ActionQueue;
  readonly audit: AuditLog;
  /** Tells whoever wants to know of what has come to its end. Absent in a call, whose caller waits: the next step tells. */
  readonly tellOutcomes?: (action: Action, policy: TellPolicy, until: number) => Promise<TellResult>;
  /** For how long an action belongs to whoever works on it: longer than anybody can. */
  readonly leaseMs: number;
}

export interface AdvanceRequest {
  readonly place: ActionPlace;
  /** Unique to this try. */
  readonly owner: string;
  /** When whoever asks has to be done, epoch milliseconds. */
  readonly deadline: number;
  /** Aborted shortly before the deadline. */
  readonly signal: AbortSignal;
}

/**
 * What became of a step.
 * - `missing`: there is no such action, or no longer.
 * - `busy`: somebody else is working on it.
 * - `rested`: its time has not come, and it will be asked for again.
 * - `waiting`: a step was done, and others follow at `nextDueAt`.
 * - `finished`: nothing is left to do.
 */
export type AdvanceOutcome =
  | { readonly kind: 'missing' | 'busy' | 'rested' | 'finished' }
  | { readonly kind: 'waiting'; readonly nextDueAt: number };

/** What a call to the console may take, with its answer written down. */
const callMs = 12_000;

/** SQS holds a message back for so long at most; what is later stands in the due index. */
const longestDelayMs = 900_000;

/**
 * Takes an action a step further: sends what is to be sent, looks what became of the rest, keeps and tells what is new, and says
 * when it wants to go on. Any number of workers may be asked for the same action at any time: one does it.
 * @throws what AWS throws; the lease runs out then, and the action is due again
 */
export async function advanceAction(
  request: AdvanceRequest,
  dependencies: AdvanceDependencies,
): Promise<AdvanceOutcome> {
  const { clock, actions, leaseMs } = dependencies;
  const seen = await actions.get(request.place);
  if (seen === undefined) return { kind: 'missing' };
  const now = clock.now();
  if (seen.nextDueAt === undefined) return { kind: 'finished' };
  if (seen.lease !== undefined && seen.lease.until > now) return { kind: 'busy' };
  if (seen.nextDueAt > now) return { kind: 'rested' };
  const until = now + leaseMs;
  const taken: Action = { ...seen, lease: { owner: request.owner, until }, nextDueAt: until };
  if (!(await actions.replace(taken))) return { kind: 'busy' };
  const held = new HeldAction({ ...taken, version: taken.version + 1 }, actions);
  try {
    const { tenant, connector } = held.action;
    const policy = await dependencies.policies.get(tenant);
    await work(held, await dependencies.registry.get(tenant, connector), policy, request, dependencies);
    return await release(held, policy, request, dependencies);
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'busy' };
    throw error;
  }
}

/** Everything that needs the console. What stands in its way is noted in the action. */
async function work(
  held: HeldAction,
  stored: StoredConnector | undefined,
  policy: ResponsePolicy,
  request: AdvanceRequest,
  dependencies: AdvanceDependencies,
): Promise<void> {
  const { clock, log, random } = dependencies;
  await held.commit((action) => giveUpTargets(expireTargets(action, clock.now()), clock.now()));
  if (stored === undefined || stored.state === 'deleted') {
    await held.commit((action) => endWithConnector(action, clock.now()));
    return;
  }
  if ((held.action.resumeAt ?? 0) > clock.now()) return;
  const trouble = await atConsole(held, stored, policy, request, dependencies);
  if (trouble === undefined) {
    if (held.action.trouble === undefined) return;
    await held.commit(({ trouble: _, resumeAt: __, ...action }) => ({ ...action, failures: 0 }));
    return;
  }
  const { code, message, recommendation } = trouble;
  const { tenant, connector, id } = held.action;
  log.warn('An action cannot go on for now.', { tenant, connector, action: id, code, message });
  const waitMs = backoffMs(trouble, held.action.failures + 1, random) ?? longestTroubleMs;
  const resumeAt = clock.now() + Math.max(leastWaitMs(held.action), Math.min(waitMs, longestTroubleMs));
  await held.commit((action) => ({
    ...action,
    failures: action.failures + 1,
    trouble: { code, message, recommendation },
    resumeAt,
  }));
}

/**
 * The console is asked again after this time, whatever it said: an isolation is more urgent than data, and the pauses that the
 * console wants are kept by the pacer. Somebody may also have helped.
 */
const longestTroubleMs = 5 * 60_000;

const patientWaitMs = 60_000;

/** However short the pause is that the console asks for: each try is a part of the trail, and an object in the lake. */
function leastWaitMs({ failures }: Action): number {
  return Math.min(patientWaitMs, 1_000 * 2 ** Math.min(failures, 20));
}

/** Sends and looks. What the console fails with is given back. */
async function atConsole(
  held: HeldAction,
  { connector, functions }: StoredConnector,
  policy: ResponsePolicy,
  { deadline, signal }: AdvanceRequest,
  { clock, log, openConsole, findActionType, tellOutcomes }: AdvanceDependencies,
): Promise<ConnectorError | undefined> {
  const { action } = held;
  const isWanted = action.targets.some(({ state }) => state === 'requested' || isUnderWay(state));
  if (!isWanted) return undefined;
  try {
    const session = await openConsole({ tenant: action.tenant, connector: action.connector });
    const consoleWork = {
      ...{ session, connector, policy, clock, log, findActionType, signal },
      sendBy: deadline - callMs,
    };
    const mayAct = functions.includes('respond');
    const trouble = mayAct ? await sendRequested(held, consoleWork) : respondDisabled(action);
    // In a call there is little time; whoever comes next has more.
    const isLate =
      mayAct && tellOutcomes !== undefined && held.action.targets.some(({ state }) => state === 'requested');
    await lookAtTargets(held, consoleWork);
    return trouble ?? (isLate ? tooSlow() : undefined);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    if (signal.aborted) return tooSlow(error);
    throw error;
  }
}

/** The time of a whole run was not enough. It is tried again with growing pauses: the console would be asked without end. */
function tooSlow(cause?: unknown): ConnectorError {
  return new ConnectorError(
    {
      code: 'timeout',
      message: 'The console was too slow for what has to be asked before the next step of the action.',
      health: 'unavailable',
      retryable: true,
      recommendation:
        'Nothing to do if it is rare: it is tried again with growing pauses. If it lasts, ask for fewer targets at a time.',
    },
    { cause },
  );
}

/** Undefined where nothing is to be sent. */
function respondDisabled({ connector, targets }: Action): ConnectorError | undefined {
  if (!targets.some(({ state }) => state === 'requested')) return undefined;
  return new ConnectorError({
    code: 'respond_disabled',
    message: `The functions of the connector ${connector} no longer name respond, so nothing is sent.`,
    health: 'misconfigured',
    retryable: false,
    recommendation: 'Have an admin add respond to the functions of the connector, or cancel the action.',
  });
}

/** Brings the trail into the lake and outcomes to whoever wants to hear of them, gives the action back, and asks for its next step. */
async function release(
  held: HeldAction,
  policy: ResponsePolicy,
  { deadline }: AdvanceRequest,
  { audit, clock, queue, log, tellOutcomes }: AdvanceDependencies,
): Promise<AdvanceOutcome> {
  const { trail, told } = held.action;
  const archived = await archiveTrail(held.action, audit);
  const telling = told < trail.length ? await tellOutcomes?.(held.action, policy, deadline) : undefined;
  await held.commit(({ lease: _, nextDueAt: __, ...action }) => {
    const kept = { ...action, archived };
    const next = telling === undefined ? kept : afterTelling(kept, telling, clock.now());
    const due = nextDueAt(next, clock.now());
    return due === undefined ? next : { ...next, nextDueAt: due };
  });
  const { nextDueAt: due } = held.action;
  if (due === undefined) return { kind: 'finished' };
  const delayMs = Math.max(0, due - clock.now());
  if (delayMs <= longestDelayMs) {
    try {
      await queue.send([held.action], Math.ceil(delayMs / 1000));
    } catch (error) {
      // It stands in the due index, so that it is late and not lost.
      log.error('The message for the next step of an action could not be sent.', {
        ...{ tenant: held.action.tenant, connector: held.action.connector, action: held.action.id },
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return { kind: 'waiting', nextDueAt: due };
}
