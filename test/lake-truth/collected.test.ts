import { afterEach, describe, expect, it } from 'vitest';
import { contentTypeIds } from '../../shared/content-types/registry.ts';
import { type ConsoleWorldOptions, consoleWorld, hourMs } from '../support/console-world.ts';

/** They have worlds of their own, in the files beside this one. */
const elsewhere = ['threat-events', 'vulnerabilities', 'deep-visibility', 'unified-alerts'];
const types = contentTypeIds.filter((type) => !elsewhere.includes(type));

let world: Awaited<ReturnType<typeof consoleWorld>> | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Collects what came before the epoch, and then every hour what came since. */
async function collected(options: ConsoleWorldOptions) {
  world = await consoleWorld(options);
  const start = world.clock.now();
  await world.connect(types, start - 4 * hourMs);
  for (let hour = 0; hour < 4; hour++) await world.collect(types, start + hour * hourMs);
  return world;
}

describe('what the engine collects is what the simulator calls the truth', () => {
  it.each<[string, ConsoleWorldOptions]>([
    ['of a console at ease', { console: { threats: 900, deletedThreats: 20 } }],
    [
      'of one that shows changes late, forgets cursors and wants accounts to be named',
      { console: { threats: 600, roguesByAccount: true, profiles: ['late-records', 'refused-cursors'] } },
    ],
  ])('%s', async (_, options) => {
    const { simulator, compare } = await collected(options);
    const compared = [];
    for (const type of types) compared.push({ type, ...(await compare(type)) });
    for (const { type, lines, required, problems } of compared) {
      expect({ type, problems }).toStrictEqual({ type, problems: [] });
      expect([type, lines > 0 && required > 0]).toStrictEqual([type, true]);
    }
    // And the traps were sprung: threats that were gone when their notes were asked for
    const gone = simulator.requests.filter(({ path, status }) => path.endsWith('/notes') && status === 404);
    expect(gone.length).toBeGreaterThan(0);
  });
});
