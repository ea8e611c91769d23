import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truth } from '../../../local/console/world/truth-sources.ts';
import { build, type World } from '../../../local/console/world/world.ts';
import { epochMs, get, hourMs, openConsole, stoppedClock, walk, worldDefaults } from './support.ts';

const types = ['threat-events', 'vulnerabilities', 'vulnerabilities-installed', 'unified-alerts'] as const;
const small = { threats: 20, agents: 8, installs: 40, applications: 8, unifiedAlerts: 30 };

function all(world: World, type: string, atMs: number): string {
  return JSON.stringify([...truth(world, type, epochMs - hourMs, atMs + 1, atMs)]);
}

describe('threat events, vulnerabilities and unified alerts', () => {
  it.each(types)('are a function of seed, epoch, options and time: %s', (type) => {
    const looks = fc.array(fc.integer({ min: 0, max: 5 * 60 }), { minLength: 1, maxLength: 3 });
    const same = fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), looks, (seed, minutes) => {
      const options = { ...worldDefaults, ...small, seed };
      const atMs = epochMs + 5 * hourMs;
      // Given one world that is looked at on the way, and one that is not
      const watched = build(options);
      for (const minute of minutes) all(watched, type, epochMs + minute * 60_000);
      // Then both say the same of the same time
      expect(all(watched, type, atMs)).toBe(all(build(options), type, atMs));
    });
    fc.assert(same, { numRuns: 6 });
  });

  it.each(types)('never change what they said of the past, also when mutation comes and goes: %s', (type) => {
    const world = build({ ...worldDefaults, ...small });
    const past = () =>
      [...truth(world, type, epochMs - hourMs, epochMs, epochMs)].map(({ id, time, record }) => ({
        id,
        time,
        record,
      }));
    const before = past();
    world.setMutation(true, epochMs + 1_000);
    all(world, type, epochMs + 30_000);
    world.setMutation(false, epochMs + 30_000);
    all(world, type, epochMs + 9 * hourMs);
    expect(past()).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
  });

  it('go on after the epoch', () => {
    const world = build({ ...worldDefaults, ...small });
    const atMs = epochMs + 48 * hourMs;
    for (const type of types) {
      const known = new Set([...truth(world, type, 0, epochMs, epochMs)].map(({ id }) => id));
      const later = [...truth(world, type, epochMs, atMs, atMs)].filter(({ id }) => !known.has(id));
      expect(later.length, type).toBeGreaterThan(3);
    }
  });

  it('are answered the same by a console that was started again, which takes the cursors of the one before', async () => {
    const clock = stoppedClock(epochMs + 2 * hourMs);
    const first = await openConsole({ ...small, clock });
    const second = await openConsole({ ...small, clock });
    const [threat] = await walk(first, '/threats', { limit: '1000' });
    for (const path of [
      `/threats/${threat?.id}/explore/events`,
      '/application-management/risks',
      '/installed-applications',
      '/installed-applications/cves',
    ]) {
      const page = await get(first, path, { limit: '3' });
      expect((await get(second, path, { limit: '3' })).text).toBe(page.text);
      const cursor = JSON.parse(page.text).pagination.nextCursor;
      if (cursor === null) continue;
      expect((await get(second, path, { limit: '3', cursor })).text).toBe(
        (await get(first, path, { limit: '3', cursor })).text,
      );
    }
  });

  it('stand in what the simulator says it plays', async () => {
    const console = await openConsole(small);
    const { endpoints, counts } = JSON.parse(await (await fetch(`${console.url}/simulator`)).text());
    for (const endpoint of [
      'GET /web/api/v2.1/threats/{threatId}/explore/events',
      'GET /web/api/v2.1/application-management/risks',
      'GET /web/api/v2.1/installed-applications',
      'GET /web/api/v2.1/installed-applications/cves',
      'GET /web/api/v2.1/private/installed-applications/{applicationId}/cves',
      'POST /web/api/v2.1/unifiedalerts/graphql',
    ])
      expect(endpoints).toContain(endpoint);
    expect(counts).toMatchObject({
      unifiedAlerts: 30,
      installedApplications: expect.any(Number),
      risks: expect.any(Number),
    });
  });
});
