import { isDeepStrictEqual } from 'node:util';
import type { Action, ActionPlace } from '../../../shared/actions/run/action.ts';
import type {
  ActionCursor,
  ActionPage,
  ActionQuery,
  ActionStore,
} from '../../../shared/actions/run/action-store.ts';

/** Actions in memory. */
export class MemoryActions implements ActionStore {
  readonly stored = new Map<string, Action>();

  async get(place: ActionPlace): Promise<Action | undefined> {
    return this.stored.get(keyOf(place));
  }

  async create(action: Action): Promise<'created' | 'exists'> {
    const stored = this.stored.get(keyOf(action));
    if (stored !== undefined) return isDeepStrictEqual(stored, action) ? 'created' : 'exists';
    this.stored.set(keyOf(action), structuredClone(action));
    return 'created';
  }

  async replace(action: Action): Promise<boolean> {
    const stored = this.stored.get(keyOf(action));
    const next = { ...structuredClone(action), version: action.version + 1 };
    if (stored?.version !== action.version) return isDeepStrictEqual(stored, next);
    this.stored.set(keyOf(action), next);
    return true;
  }

  async page({ tenant, from, to, after, limit }: ActionQuery): Promise<ActionPage> {
    const all = [...this.stored.values()]
      .filter((action) => action.tenant === tenant && action.requestedAt >= from && action.requestedAt < to)
      .sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1))
      .filter((action) => after === undefined || orderOf(action) < orderOf(after));
    const actions = all.slice(0, limit);
    const last = actions.at(-1);
    return { actions, ...(all.length > limit && last !== undefined ? { after: cursorOf(last) } : {}) };
  }
}

function keyOf({ tenant, connector, id }: ActionPlace): string {
  return `${tenant}/${connector}/${id}`;
}

function orderOf({ requestedAt, connector, id }: ActionCursor): string {
  return `${new Date(requestedAt).toISOString()}#${connector}#${id}`;
}

function cursorOf({ requestedAt, connector, id }: Action): ActionCursor {
  return { requestedAt, connector, id };
}
