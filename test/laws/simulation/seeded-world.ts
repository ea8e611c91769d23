import { draws } from '../../../local/console/world/random.ts';
import { filtersFor } from '../../../shared/filters/filters-for.ts';
import { Faults } from './faults.ts';
import { filterings } from './filtering.ts';
import { kinds } from './kinds/kinds.ts';
import type { SimConsole } from './sim-console.ts';
import { World } from './world.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The world of a seed at its beginning: how much there is of everything comes from the seed as well. */
export async function seededWorld(
  seed: number,
  options: { readonly without: ReadonlySet<number>; readonly isTraced: boolean },
): Promise<World<SimConsole>> {
  const random = draws(seed, 2, 0);
  const faults = new Faults(seed, options.without);
  const time = Date.parse('2026-11-24T10:00:00Z') + random.below(2 * hourMs);
  const consoleSkewMs = random.pick([0, 0, 0, -7, 240]) * 1_000;
  const workers = 1 + random.below(4);
  const batchPages = 1 + random.below(3);
  const pageSize = 1 + random.below(7);
  const world = new World<SimConsole>({
    time,
    random,
    faults,
    isTraced: options.isTraced,
    workers,
    batchPages,
    pageSize,
    consoleSkewMs,
  });
  const count = 1 + random.below(3);
  for (let i = 0; i < count; i++) {
    const backlogMs = random.pick([20 * minuteMs, 70 * minuteMs, 5 * hourMs, 30 * hourMs]);
    const since = time - random.below(backlogMs) - minuteMs;
    const Kind = random.pick(kinds);
    const now = () => world.time + consoleSkewMs;
    // Draws of their own: whether there are filters changes nothing else of a seed's world.
    const filtering = draws(seed, 3, i).pick(filterings);
    const console = new Kind({ now, faults, random, pageSize, filtering });
    console.fill(random.pick([0, 5, 20, 60]), since, time + consoleSkewMs - minuteMs);
    console.isForbidden = i > 0 && random.chance(0.15);
    const [owner] = console.contentTypes;
    for (const contentType of console.contentTypes) {
      const filters = filtersFor(
        filtering.filters,
        contentType.id,
        ...(owner === undefined ? [] : [owner.id]),
      );
      const id = { tenant: `t${i % 2}`, connector: `c${i}`, contentType: contentType.id };
      await world.add({ id, contentType, since, console, filters });
    }
  }
  return world;
}
