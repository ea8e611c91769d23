import type { StoredConnector } from '../../connectors/connector-registry.ts';
import type { ActionType } from '../action-type.ts';
import { readSubjects } from '../targets/read-subjects.ts';
import { notFound } from '../targets/refusals.ts';
import type { Action, Caller, Target } from './action.ts';
import { changeAction } from './change-action.ts';
import {
  type CreateDependencies,
  type CreateOutcome,
  createAction,
  type FindWishes,
} from './create-action.ts';
import type { Wish } from './plan-targets.ts';
import { afterStep } from './step.ts';

/** Somebody wants what was done to be taken back. */
export interface UndoRequest {
  readonly by: Caller;
  /** The idempotency key. */
  readonly key: string;
  readonly requestHash: string;
  readonly reason?: string;
  readonly ticket?: string;
}

/** `nothing`: no target was done that there is a way back from. */
export type UndoOutcome = CreateOutcome | { readonly kind: 'nothing' };

/** A target that was done, and its way back. */
interface WayBack {
  readonly target: Target & { readonly id: string };
  readonly type: ActionType;
  readonly parameters: Wish['parameters'];
}

/**
 * Makes the action that takes back what another one has done: for exactly those targets that were done, not for those that were so
 * already, each by the way back of what was performed on it. It is an action like any other, with its own trail and outcome.
 * @throws ConnectorError where the console cannot be asked; then nothing was written
 */
export async function undoAction(
  action: Action,
  { by, key, requestHash, reason, ticket }: UndoRequest,
  stored: StoredConnector,
  signal: AbortSignal,
  dependencies: CreateDependencies,
): Promise<UndoOutcome> {
  const ways = waysBack(action, dependencies);
  const [first] = ways;
  if (first === undefined) return { kind: 'nothing' };
  const outcome = await createAction(
    {
      type: first.type,
      parameters: first.parameters ?? {},
      ...(reason === undefined ? {} : { reason }),
      ...(ticket === undefined ? {} : { ticket }),
      ...{ by, key, requestHash, undoes: action.id },
    },
    wishesOfWays(ways, signal),
    stored,
    signal,
    dependencies,
  );
  if (outcome.kind === 'created' || outcome.kind === 'known')
    await noteUndo(action, outcome.action, by, dependencies);
  return outcome;
}

function waysBack(action: Action, { findActionType }: CreateDependencies): readonly WayBack[] {
  return action.targets.flatMap((target) => {
    const { id, state, performs, before = {} } = target;
    if (state !== 'done' || id === undefined) return [];
    // Its own schema has parsed them.
    const revert = findActionType(performs)?.revert(
      before,
      (target.parameters ?? action.parameters) as never,
    );
    const type = revert === undefined ? undefined : findActionType(revert.action);
    if (revert === undefined || type === undefined) return [];
    return [{ target: { ...target, id }, type, parameters: revert.parameters }];
  });
}

/** By their ids: what was done is undone to the very same, whatever it is called now. */
function wishesOfWays(ways: readonly WayBack[], signal: AbortSignal): FindWishes {
  return async ({ api }) => {
    const wishes: Wish[] = [];
    for (const kind of new Set(ways.map(({ type }) => type.target))) {
      const own = ways.filter(({ type }) => type.target === kind);
      const ids = own.map(({ target }) => target.id);
      const subjects = await readSubjects(kind, ids, { api, signal });
      for (const { target, type, parameters = {} } of own) {
        const { asked, id } = target;
        const subject = subjects.get(id);
        const resolved =
          subject === undefined
            ? ({ kind: 'refused', asked, reason: notFound(`${kind} ${id}`) } as const)
            : ({ kind: 'found', asked, subject } as const);
        wishes.push({ resolved, type, parameters });
      }
    }
    return wishes;
  };
}

async function noteUndo(
  action: Action,
  undo: Action,
  by: Caller,
  { actions, clock }: CreateDependencies,
): Promise<void> {
  await changeAction(action, actions, (latest) => {
    const { undoneBy = [] } = latest;
    if (undoneBy.includes(undo.id)) return latest;
    const now = clock.now();
    const noted = afterStep(latest, now, { kind: 'undo_requested', note: undo.id }, new Map(), by);
    const isHeld = latest.lease !== undefined && latest.lease.until > now;
    return { ...noted, undoneBy: [...undoneBy, undo.id], ...(isHeld ? {} : { nextDueAt: now }) };
  });
}
