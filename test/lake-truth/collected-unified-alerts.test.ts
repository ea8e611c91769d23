import { afterEach, describe, expect, it } from 'vitest';
import { type ConsoleWorldOptions, consoleWorld, hourMs } from '../support/console-world.ts';

let world: Awaited<ReturnType<typeof consoleWorld>> | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const type = 'unified-alerts';

/** Collects the history, and on for two hours. */
async function collect(options: ConsoleWorldOptions) {
  const made = await consoleWorld(options);
  world = made;
  const start = made.clock.now();
  await made.connect([type], start - 6 * hourMs);
  for (let hour = 0; hour <= 2; hour++) await made.collect([type], start + hour * hourMs, 20_000);
  return made;
}

describe('unified alerts that are collected from the simulator', () => {
  it.each(['none', 'refused-cursors', 'nulls', 'late-records', 'server-errors', 'throttle-storm'] as const)(
    'are what it calls the truth in spite of %s',
    async (profile) => {
      const profiles = profile === 'none' ? [] : [profile];
      const { compare } = await collect({ console: { unifiedAlerts: 400, burst: 150, profiles } });
      const { problems, lines } = await compare(type);
      expect(problems).toEqual([]);
      expect(lines).toBeGreaterThan(400);
    },
  );

  it('are all there when they have changed several times a second for a while', async () => {
    const made = await consoleWorld({ console: { unifiedAlerts: 200 } });
    world = made;
    const { clock, simulator, compare } = made;
    await made.connect([type], clock.now() - 6 * hourMs);
    await made.collect([type], clock.now());
    simulator.setProfiles(['mutation']);
    for (let step = 0; step < 4; step++) {
      clock.advance(300_000);
      await made.collect([type], clock.now());
    }
    simulator.setProfiles([]);
    clock.advance(hourMs);
    await made.collect([type], clock.now());
    const { problems, required, lines } = await compare(type);
    expect(problems).toEqual([]);
    expect(required).toBeGreaterThan(190);
    expect(lines).toBeGreaterThan(2 * required);
  });

  it('of an account or a site are the ones of that account or site', async () => {
    const all = await collect({});
    const [site, account] = [
      all.simulator.truth('sites', 0, all.clock.now()),
      all.simulator.truth('accounts', 0, all.clock.now()),
    ].map((lines) => [...lines][1]?.id ?? '');
    await all.close();
    for (const scope of [{ siteIds: [site ?? ''] }, { accountIds: [account ?? ''] }]) {
      const { recordsOf, close } = await collect(scope);
      const scopes = JSON.stringify(recordsOf(type).map((record) => record['realTime']));
      const [level, id] = 'siteIds' in scope ? ['site', site] : ['account', account];
      const found = scopes.match(new RegExp(`"${level}":\\{"id":"(\\d+)"`, 'g')) ?? [];
      expect(new Set(found)).toEqual(new Set([`"${level}":{"id":"${id}"`]));
      await close();
    }
    world = undefined;
  });
});
