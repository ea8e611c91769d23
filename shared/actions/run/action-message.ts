import type { ActionPlace } from './action.ts';

/**
 * What is asked for: that somebody goes on with an action. It carries nothing but the action's place, so that a message which
 * is lost, doubled or redriven weeks later can do no harm: the truth is read from the table.
 */
export interface ActionMessage {
  readonly version: 1;
  readonly action: ActionPlace;
}

/** Brings actions to whoever goes on with them. */
export interface ActionQueue {
  /**
   * Sends a message for each action, in batches. Throws when any of them was not accepted: a swallowed send is lost work.
   * @param delaySeconds 0 to 900, for all of them
   */
  send(places: readonly ActionPlace[], delaySeconds: number): Promise<void>;
}
