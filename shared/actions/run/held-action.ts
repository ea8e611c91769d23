import type { Action } from './action.ts';
import type { ActionStore } from './action-store.ts';

/** Somebody else has the action now: whoever hears this stops, and has nothing to tidy up. */
export class LeaseLost extends Error {}

/** An action that its holder works on alone, as long as the lease lasts. Whoever approves, cancels or undoes it changes it meanwhile. */
export class HeldAction {
  #action: Action;
  readonly #store: ActionStore;

  constructor(action: Action, store: ActionStore) {
    this.#action = action;
    this.#store = store;
  }

  get action(): Action {
    return this.#action;
  }

  /**
   * Writes what `change` makes of the action, of the latest version of it: it is asked again where others were faster.
   * @throws LeaseLost where the lease went to somebody else
   */
  async commit(change: (action: Action) => Action): Promise<void> {
    const owner = this.#action.lease?.owner;
    for (;;) {
      const next = change(this.#action);
      if (next === this.#action) return;
      if (await this.#store.replace(next)) {
        this.#action = { ...next, version: next.version + 1 };
        return;
      }
      const stored = await this.#store.get(this.#action);
      if (stored === undefined || stored.lease?.owner !== owner) throw new LeaseLost('The lease is lost.');
      this.#action = stored;
    }
  }
}
