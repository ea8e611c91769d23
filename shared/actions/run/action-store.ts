import type { Action, ActionPlace } from './action.ts';

/** A place in the list of a tenant's actions: behind it come older ones. */
export interface ActionCursor {
  readonly requestedAt: number;
  readonly connector: string;
  readonly id: string;
}

export interface ActionQuery {
  readonly tenant: string;
  /** Requested in [from, to), epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly after?: ActionCursor;
  readonly limit: number;
}

/** A part of the list, newest first. */
export interface ActionPage {
  readonly actions: readonly Action[];
  /** Absent after the last one. */
  readonly after?: ActionCursor;
}

/** Where actions are kept. What is kept stays for the configured days. */
export interface ActionStore {
  /** Strongly consistent. */
  get(place: ActionPlace): Promise<Action | undefined>;
  /** `exists`: there is one under this id already, and nothing was changed. `created` also where this very one was written before. */
  create(action: Action): Promise<'created' | 'exists'>;
  /** Writes it with the next version, if the stored version is still `action.version`. True also where this was written before. */
  replace(action: Action): Promise<boolean>;
  page(query: ActionQuery): Promise<ActionPage>;
}
