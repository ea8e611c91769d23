import { setTimeout as delay } from 'node:timers/promises';
import type { ActionView, ApiClient } from './api-client.ts';
import { eventually } from './eventually.ts';

/** Sees what becomes of many actions, and asks the API for lists of them instead of for each. */
export interface ActionWatch {
  /** The action as soon as it is what is wanted. Throws Error where that is not seen in time. */
  until(id: string, what: string, isWanted: (action: ActionView) => boolean): Promise<ActionView>;
  stop(): Promise<void>;
}

const pauseMs = 2_500;

export function watchActions(api: Pick<ApiClient, 'actions'>, tenants: readonly string[]): ActionWatch {
  const since = Date.now();
  const seen = new Map<string, ActionView>();
  const stopping = new AbortController();

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      for (const tenant of tenants)
        for (const action of await api.actions(tenant, since)) if (action.id) seen.set(action.id, action);
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  let failure: unknown;
  const watching = watch().catch((error: unknown) => {
    failure = error;
  });
  return {
    async until(id, what, isWanted) {
      const isSeen = (action: ActionView | undefined) => {
        if (failure !== undefined) throw failure;
        return action !== undefined && isWanted(action);
      };
      const found = await eventually(`${what} of ${id}`, () => seen.get(id), isSeen);
      if (found === undefined) throw new Error(`${id} was never seen.`);
      return found;
    },
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
