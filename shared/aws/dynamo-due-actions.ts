import type { DueActions } from '../actions/run/due-actions.ts';
import { actionKey, actionPlaceFromKey, actionsDueShard } from './action-key.ts';
import { createDynamoDueItems, type DynamoDueOptions } from './dynamo-due-items.ts';

/** The actions in the due index. One partition holds them: actions are few, and are claimed once in minutes. */
export function createDynamoDueActions(index: DynamoDueOptions): DueActions {
  return createDynamoDueItems(index, {
    shards: [actionsDueShard],
    keyOf: actionKey,
    idFromKey: actionPlaceFromKey,
  });
}
