import type { Action, ActionPlace } from './action.ts';
import type { ActionStore } from './action-store.ts';

/**
 * Changes an action beside whoever works on it: `change` is asked again, with the latest, until it was written. Where it gives the
 * action back as it is, nothing is written.
 * @returns undefined where there is no such action
 */
export async function changeAction(
  place: ActionPlace,
  store: Pick<ActionStore, 'get' | 'replace'>,
  change: (action: Action) => Action,
): Promise<Action | undefined> {
  for (;;) {
    const action = await store.get(place);
    if (action === undefined) return undefined;
    const next = change(action);
    if (next === action) return action;
    if (await store.replace(next)) return { ...next, version: next.version + 1 };
  }
}
