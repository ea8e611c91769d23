import type { TellResult } from '../callbacks/tell.ts';
import type { Action } from './action.ts';
import { afterStep } from './step.ts';

/** The action after its outcomes were told, or could not be. What was given up stands in its trail, and is no news to tell. */
export function afterTelling(
  { toldAhead: _, tellAt: __, ...action }: Action,
  { told, tellFailures, toldAhead, retryAt, notes }: TellResult,
  now: number,
): Action {
  const noted = notes.reduce<Action>((next, note) => afterStep(next, now, note, new Map()), action);
  return {
    ...noted,
    told: told === action.trail.length ? noted.trail.length : told,
    tellFailures,
    ...(toldAhead === undefined ? {} : { toldAhead }),
    ...(retryAt === undefined ? {} : { tellAt: retryAt }),
  };
}
