import type { Draws } from '../../../local/console/world/random.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../shared/ports.ts';
import { text } from './census.ts';

type Names = Readonly<Record<'computerName' | 'uuid', string>>;

/**
 * Endpoints that were cloned: they have the host name and the UUID of another one. The simulator's world has none, so they are
 * renamed on the way, both for the product and for the census.
 */
export class Clones {
  /** By the id of the clone. */
  private readonly names = new Map<string, Names>();

  /** Makes so many of these endpoints clones of others; half of them spell the name in capitals or not. */
  make(count: number, agents: readonly JsonObject[], random: Draws): void {
    for (let i = 0; i < count; i++) {
      const original = random.pick(agents);
      const clone = random.pick(agents);
      const id = text(clone, 'id');
      // Chains of clones would only be hard to read.
      if (clone === original || this.names.has(id) || this.names.has(text(original, 'id'))) continue;
      const name = text(original, 'computerName');
      const computerName = random.pick([name, name.toLowerCase()]);
      this.names.set(id, { computerName, uuid: text(original, 'uuid') });
    }
  }

  /** The record with the names of what it is a clone of. */
  shown(agent: JsonObject): JsonObject {
    return { ...agent, ...this.names.get(text(agent, 'id')) };
  }

  /** A page of `GET /agents` as it would be. `list` asks the simulator for other parameters. */
  async shownPage(
    page: ListPage,
    params: ListParams,
    list: (params: ListParams) => Promise<ListPage>,
  ): Promise<ListPage> {
    const shown = ({ data }: ListPage) => data.map((agent) => this.shown(Object(agent)));
    const isMeant = selectorOf(params);
    if (this.names.size === 0 || isMeant === undefined) return { ...page, data: shown(page) };
    const { computerName: _, computerName__contains: __, uuids: ___, ...others } = params;
    const clones: JsonObject[] = [];
    // They are on the first page. An odd console may answer an empty one first, here too.
    let next: ListParams | undefined =
      params['cursor'] === undefined ? { ...others, ids: [...this.names.keys()].join(',') } : undefined;
    while (next !== undefined) {
      const some = await list(next);
      clones.push(...shown(some));
      next = some.nextCursor === undefined ? undefined : { ...next, cursor: some.nextCursor };
    }
    const known = new Set(page.data.map((agent) => text(agent, 'id')));
    const more = clones.filter((agent) => !known.has(text(agent, 'id')));
    const { totalItems: _counted, ...uncounted } = page;
    return { ...uncounted, data: [...shown(page), ...more].filter(isMeant) };
  }
}

/** Which records the parameters mean by their names, as the simulator's own filters would have it. */
function selectorOf(params: ListParams): ((agent: JsonObject) => boolean) | undefined {
  const { computerName, computerName__contains: contained, uuids } = params;
  const valuesOf = (list: string) => list.split(',').map((value) => value.trim());
  if (contained !== undefined) {
    const parts = valuesOf(contained.toLowerCase());
    return (agent) => parts.some((part) => text(agent, 'computerName').toLowerCase().includes(part));
  }
  if (computerName !== undefined)
    return (agent) => valuesOf(computerName).includes(text(agent, 'computerName'));
  if (uuids !== undefined) return (agent) => valuesOf(uuids).includes(text(agent, 'uuid'));
  return undefined;
}
