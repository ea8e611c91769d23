import type { ActionPlace } from '../../../shared/actions/run/action.ts';
import type { ActionStore } from '../../../shared/actions/run/action-store.ts';
import type { Actor } from '../simulation/scheduler.ts';
import { Violation } from '../simulation/violation.ts';

/** What one worker or call has cost. */
interface Cost {
  by: string;
  lists: number;
  /** Of notes: the console has them for one threat at a time. */
  noteLists: number;
  writes: number;
}

/** The most list calls that one step makes for each action type among its targets: before sending, and for the look. */
const mostListsOfType = 6;

/** What steps cost: calls of the console and writes of the table. */
export class Visits {
  readonly most = { lists: 0, writes: 0 };
  readonly total = { advances: 0, lists: 0, writes: 0 };
  private readonly costs = new Map<Actor, Cost>();

  /** The action that the actor works on. */
  actionOf(actor: Actor): string {
    return this.costs.get(actor)?.by ?? 'nobody';
  }

  /** A table that counts what an actor writes, and knows which action it works on. */
  watchTable(actor: Actor, table: ActionStore): ActionStore {
    return {
      get: async (place: ActionPlace) => {
        // Every step begins with it.
        Object.assign(this.costOf(actor), { by: place.id, writes: 0 });
        return await table.get(place);
      },
      create: (action) => table.create(action),
      replace: async (action) => {
        const cost = this.costOf(actor);
        cost.writes++;
        this.total.writes++;
        this.most.writes = Math.max(this.most.writes, cost.writes);
        return await table.replace(action);
      },
      page: (query) => table.page(query),
    };
  }

  /** A step is about to ask the console. */
  begin(actor: Actor, by: string): void {
    Object.assign(this.costOf(actor), { by, lists: 0, noteLists: 0 });
    this.total.advances++;
  }

  countList(actor: Actor, path: string): void {
    const cost = this.costOf(actor);
    this.total.lists++;
    if (path.endsWith('/notes')) cost.noteLists++;
    else cost.lists++;
    this.most.lists = Math.max(this.most.lists, cost.lists);
    // Two action types at once are the most that the plans have: remediate, and quarantine in its place.
    if (cost.lists > 2 * mostListsOfType)
      throw new Violation('A8 cost', `${cost.by}: ${cost.lists} lists were read in one step`);
  }

  private costOf(actor: Actor): Cost {
    const known = this.costs.get(actor);
    if (known !== undefined) return known;
    const cost = { by: 'nobody', lists: 0, noteLists: 0, writes: 0 };
    this.costs.set(actor, cost);
    return cost;
  }
}
