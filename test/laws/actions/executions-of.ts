import { findActionType } from '../../../shared/actions/registry.ts';
import type { Action, Target } from '../../../shared/actions/run/action.ts';
import type { Subject } from '../../../shared/actions/subject.ts';
import type { Execution } from '../../support/memory/endpoints/memory-endpoints.ts';
import type { ActionWorld } from './action-world.ts';

/** What the console has taken for a target of an action. */
export function executionsOf(world: ActionWorld, { id: by }: Action, { id }: Target): readonly Execution[] {
  return world.endpoints.executions.filter((execution) => execution.by === by && execution.id === id);
}

/** The path of the vendor call that performs a target. */
export function pathOf({ performs, id = '0' }: Target, { parameters }: Action): string | undefined {
  const type = findActionType(performs);
  if (type === undefined) return undefined;
  const subject: Subject = { kind: type.target, id, record: {} };
  return type.call([subject], parameters as never).request.path;
}

/**
 * True where somebody else has set the same field after us: then the console no longer shows what we did, and A1 and A3 hold only as
 * far as `before` tells that it was changed (docs/how-we-know.md).
 */
export function isOverwritten(world: ActionWorld, action: Action, target: Target): boolean {
  if (!target.performs.startsWith('set-')) return false;
  const [first] = executionsOf(world, action, target);
  return world.endpoints.executions.some(
    ({ id, by, path, at }) => id === target.id && by !== action.id && path === first?.path && at >= first.at,
  );
}
