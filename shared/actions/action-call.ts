import type { JsonObject } from '../json.ts';
import type { ApiRequest } from '../ports.ts';

/** Ids of the console: at least one. */
export type ExplicitIds = readonly [string, ...string[]];

/** Where the console wants the ids: in `filter.ids`, as for all actions on agents, threats and alerts, or in `data.ids`, as `DELETE /restrictions`. */
export type IdsPlace = 'filter' | 'data';

/** The console takes 5,000 ids in a filter; no request of ours is for as many. */
const mostIds = 1_000;

/**
 * A call that changes something at the console. It always names what it changes: the console takes an empty filter for
 * "everything there is", so there is no way to make a call without ids.
 */
export class ActionCall {
  readonly request: ApiRequest;
  readonly ids: ExplicitIds;

  private constructor(request: ApiRequest, ids: ExplicitIds) {
    this.request = request;
    this.ids = ids;
  }

  /** @throws Error where there is no id, too many, one twice, or one that is no id of the console: a fault of ours */
  static of(
    method: 'POST' | 'DELETE',
    path: string,
    ids: readonly string[],
    data: JsonObject,
    place: IdsPlace = 'filter',
  ): ActionCall {
    if (!isExplicit(ids)) {
      throw new Error(
        `${method} ${path}: an action must name 1 to ${mostIds} ids of the console, each once; it names ${ids.length}.`,
      );
    }
    const body =
      place === 'filter' ? { filter: { ids: [...ids] }, data } : { data: { ...data, ids: [...ids] } };
    return new ActionCall({ method, path, body }, ids);
  }
}

function isExplicit(ids: readonly string[]): ids is ExplicitIds {
  const isId = (id: string) => /^\d{1,24}$/.test(id);
  return ids.length >= 1 && ids.length <= mostIds && new Set(ids).size === ids.length && ids.every(isId);
}
