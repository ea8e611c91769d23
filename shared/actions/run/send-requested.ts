import { ConnectorError } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import type { ActionCall } from '../action-call.ts';
import type { Acceptance, ActionType } from '../action-type.ts';
import type { Subject } from '../subject.ts';
import { readSubjects } from '../targets/read-subjects.ts';
import type { Action, Target } from './action.ts';
import { acceptanceOf, callFailure, refusal } from './answer.ts';
import { type ConsoleWork, typeOf } from './console-work.ts';
import { expireTargets } from './expire-targets.ts';
import { fitness } from './fitness.ts';
import type { HeldAction } from './held-action.ts';
import { countedNone, countIncomplete, isGone, lacksEndpoint } from './judge.ts';
import { nextLookAt, withLookAt } from './next-look.ts';
import { afterStep, type StepTold, type TargetChange } from './step.ts';
import { withHistory } from './with-history.ts';
import { withRelated } from './with-related.ts';

/**
 * A console is more than one machine: the one that writes the activity log may be a little behind the one that answers. An entry
 * that is taken for one from before the command is missed, and the command sent again; one from before that is taken for the
 * command's tells of what somebody else has done.
 */
const consoleMarginMs = 2_000;
/** Where the console does not tell its time: its clock may be five seconds behind ours unnoticed (`ConsoleClock`), and ours be set. */
const clockMarginMs = 10_000;

/** When the command is sent, by the console's clock: what it said as it was read right before, which is not later. */
function sendingAt({ session }: ConsoleWork): number {
  const answeredAt = session.answeredAt?.();
  return answeredAt === undefined ? session.now() - clockMarginMs : answeredAt - consoleMarginMs;
}

/** Targets that one call is for: alike in what is done to them. */
interface Group {
  readonly type: ActionType;
  readonly parameters: JsonObject;
  readonly indices: readonly number[];
}

/**
 * Sends what is to be sent, one vendor call for all targets that the same is done to. That it will be sent is written down
 * before, so that a crash in between is resolved by looking and never by sending again blindly.
 * @returns what stands in the way of the rest, where something does: it is `requested` still
 */
export async function sendRequested(
  held: HeldAction,
  work: ConsoleWork,
): Promise<ConnectorError | undefined> {
  let missing: ConnectorError | undefined;
  for (const group of groupsOf(held.action, work)) {
    if (work.clock.now() >= work.sendBy) break;
    const trouble = await sendGroup(group, held, work);
    if (trouble?.code === notShownCode) missing = trouble;
    else if (trouble !== undefined) return trouble;
  }
  return missing;
}

const notShownCode = 'not_shown';

/** What was there when it was asked for is looked for a few minutes more before it counts as gone. */
function notShown(count: number): ConnectorError {
  return new ConnectorError({
    code: notShownCode,
    message: `The console does not show ${count} of the targets, which it showed when they were asked for.`,
    health: 'unavailable',
    retryable: true,
    recommendation: 'Nothing to do: they are looked for again for some minutes.',
  });
}

function groupsOf(action: Action, work: ConsoleWork): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [index, target] of action.targets.entries()) {
    if (target.state !== 'requested') continue;
    const parameters = target.parameters ?? action.parameters;
    const key = `${target.performs} ${JSON.stringify(parameters)}`;
    const indices = [...(groups.get(key)?.indices ?? []), index];
    groups.set(key, { type: typeOf(target.performs, work), parameters, indices });
  }
  return [...groups.values()];
}

async function sendGroup(
  { type, parameters, indices }: Group,
  held: HeldAction,
  work: ConsoleWork,
): Promise<ConnectorError | undefined> {
  const { session, clock, signal } = work;
  const idOf = (index: number) => held.action.targets[index]?.id ?? '';
  const read = await readSubjects(type.target, indices.map(idOf), { api: session.api, signal });
  const related = await withRelated(type, read, { api: session.api, signal });
  const subjects = await withHistory(type, parameters, related, { api: session.api, signal });
  const unfit = new Map<number, TargetChange>();
  const fit = new Map<number, Subject>();
  const missing = new Map<number, TargetChange>();
  for (const index of indices) {
    const subject = subjects.get(idOf(index));
    const missedAt = held.action.targets[index]?.missedAt ?? clock.now();
    const isMissing = subject === undefined || lacksEndpoint(type, subject);
    if (isMissing && !isGone({ missedAt }, clock.now())) {
      missing.set(index, { missedAt });
      continue;
    }
    const change = fitness({ type, parameters, subject, isUndo: held.action.undoes !== undefined }, work);
    if (change !== undefined) unfit.set(index, change);
    else if (subject !== undefined) fit.set(index, subject);
  }
  const seen = new Map([...unfit, ...missing]);
  if (seen.size > 0) {
    const told = { kind: 'observed', note: 'right before sending' } as const;
    await held.commit((action) => afterStep(action, clock.now(), told, stillIn(action, 'requested', seen)));
  }
  const absent = missing.size === 0 ? undefined : notShown(missing.size);
  if (fit.size === 0 || clock.now() >= work.sendBy) return absent;
  const call = await announce(type, parameters, fit, held, work);
  return (call === undefined ? undefined : await send(type, call, held, work)) ?? absent;
}

/** A call that is written down, and the targets that it is for. */
interface Announced {
  readonly call: ActionCall;
  readonly subjects: ReadonlyMap<number, Subject>;
}

/** Writes down that the command is sent. Whoever has cancelled a target meanwhile was faster: the call is not for it. */
async function announce(
  type: ActionType,
  parameters: JsonObject,
  fit: ReadonlyMap<number, Subject>,
  held: HeldAction,
  work: ConsoleWork,
): Promise<Announced | undefined> {
  const { clock } = work;
  let announced: Announced | undefined;
  await held.commit((latest) => {
    // Reading what is to be sent has taken its time.
    const action = expireTargets(latest, clock.now());
    const left = [...fit].filter(([index]) => action.targets[index]?.state === 'requested');
    announced = undefined;
    if (left.length === 0) return action;
    const call = type.call(
      left.map(([, subject]) => subject),
      // Its own schema has parsed them.
      parameters as never,
    );
    announced = { call, subjects: new Map(left) };
    const sentAt = sendingAt(work);
    const changes = new Map(
      left.map(([index, subject]): readonly [number, TargetChange] => [
        index,
        {
          state: 'sent',
          sentAt,
          attempts: (action.targets[index]?.attempts ?? 0) + 1,
          before: type.before(subject),
          evidence: [],
          reason: null,
          missedAt: null,
        },
      ]),
    );
    const now = clock.now();
    return withLookAt(afterStep(action, now, { kind: 'sending', call: nameOf(call) }, changes), now);
  });
  return announced;
}

async function send(
  type: ActionType,
  { call, subjects }: Announced,
  held: HeldAction,
  { session, clock, log, signal }: ConsoleWork,
): Promise<ConnectorError | undefined> {
  const told = { kind: 'answered', call: nameOf(call) } as const;
  const all = [...subjects.values()];
  try {
    const { json } = await session.api.request(call.request, signal);
    const acceptance = acceptanceOf(type, json, all);
    const changes = new Map(
      [...subjects].map(([index, { id }]) => [index, changeFor(acceptance.get(id), clock.now())]),
    );
    await held.commit((action) =>
      answered(action, { ...told, status: 200 }, stillIn(action, 'sent', changes), clock.now()),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    log.warn('A response action got no answer that settles it.', {
      ...{ tenant: held.action.tenant, connector: held.action.connector, action: held.action.id },
      ...{ call: nameOf(call), code: error.code, message: error.message },
    });
    const failure = callFailure(error);
    const change: TargetChange =
      failure === 'unanswered'
        ? {}
        : failure === 'refused'
          ? { state: 'failed', reason: refusal(error, type) }
          : { state: 'requested' };
    await held.commit((action) => {
      const changes = new Map(
        [...subjects.keys()].map((index) => [
          index,
          failure === 'not_sent' ? { ...change, attempts: attemptsBefore(action.targets[index]) } : change,
        ]),
      );
      const status = error.httpStatus === undefined ? {} : { status: error.httpStatus };
      const step = { ...told, ...status, note: error.message };
      return answered(action, step, stillIn(action, 'sent', changes), clock.now());
    });
    return failure === 'not_sent' ? error : undefined;
  }
}

/** What the console has just taken cannot show anything yet; why it has done nothing can be looked up at once. */
function answered(
  action: Action,
  told: StepTold,
  changes: ReadonlyMap<number, TargetChange>,
  now: number,
): Action {
  const next = afterStep(action, now, told, changes);
  const isToExplain = next.targets.some(
    ({ state, reason }) => state === 'sent' && reason?.code === countedNone.code,
  );
  return withLookAt(next, isToExplain ? now : nextLookAt(next, now));
}

/** A try that never reached the console is none. */
function attemptsBefore(target: Target | undefined): number {
  return Math.max(0, (target?.attempts ?? 1) - 1);
}

function changeFor(acceptance: Acceptance | undefined, now: number): TargetChange {
  if (acceptance === undefined || acceptance.kind === 'unknown') {
    const state = acceptance?.isEnd === true ? { state: 'unknown' as const } : {};
    return { ...state, reason: countIncomplete };
  }
  if (acceptance.kind === 'accepted') {
    const { evidence, isEnd = false } = acceptance;
    return { state: isEnd ? 'done' : 'accepted', evidence, acceptedAt: now };
  }
  // What is so already, or gone, is found out by the look that follows at once.
  if (acceptance.reason === undefined) return { reason: countedNone };
  return { state: 'failed', reason: acceptance.reason };
}

/** The changes of targets that are in this state still: others were faster with the rest. */
function stillIn(
  { targets }: Action,
  state: Target['state'],
  changes: ReadonlyMap<number, TargetChange>,
): ReadonlyMap<number, TargetChange> {
  return new Map([...changes].filter(([index]) => targets[index]?.state === state));
}

function nameOf({ request }: ActionCall): string {
  return `${request.method} ${request.path}`;
}
