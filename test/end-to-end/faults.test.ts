import { afterEach, describe, expect, it } from 'vitest';
import type { FaultProfile } from '../../local/console/server/faults/profiles.ts';
import { contentTypeIds } from '../../shared/content-types/registry.ts';
import { consoleWorld, hourMs } from '../support/console-world.ts';

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  close = undefined;
});

const profiles: readonly FaultProfile[] = [
  'throttle-storm',
  'server-errors',
  'refused-cursors',
  'mutation',
  'late-records',
  'nulls',
];
/** Types for which the little world of these tests has something in every hour. */
const busy = ['agents', 'threats', 'threat-events', 'deep-visibility', 'activities', 'unified-alerts'];

const allButThrottling = profiles.filter((profile) => profile !== 'throttle-storm');

describe.each([[[]], ...profiles.map((profile) => [[profile]]), [allButThrottling]] as [FaultProfile[]][])(
  'a console that plays %j',
  (played) => {
    it('loses and doubles nothing of any content type, while streams take turns', {
      timeout: 240_000,
    }, async () => {
      const world = await consoleWorld({
        console: { profiles: played, threats: 250, agents: 150, endpointEvents: 250 },
      });
      close = world.close;
      const start = world.clock.now();
      await world.connect(contentTypeIds, start - 4 * hourMs);
      // First what was there when the connector was made, then what has come since.
      // Where everything goes wrong at once, or answers ask for a day of silence, one round is long enough.
      const rounds = [start - 5 * 60_000, start + 70 * 60_000].slice(
        0,
        played.length > 1 || played.includes('throttle-storm') ? 1 : 2,
      );
      for (const until of rounds) {
        await world.collect(contentTypeIds, until, 20_000);
        for (const type of contentTypeIds) {
          const { problems, lines } = await world.compare(type);
          expect({ type, problems }).toStrictEqual({ type, problems: [] });
          expect({ type, records: world.stream(type).totals.records }).toStrictEqual({
            type,
            records: lines,
          });
          // Where all goes wrong at once it takes hours, and alerts that change all the time have moved on by then.
          if (busy.includes(type) && !(played.length > 1 && type === 'unified-alerts'))
            expect({ type, lines }).toMatchObject({ lines: expect.toSatisfy((n) => n > 20) });
        }
      }
      if (played.includes('throttle-storm') || played.includes('server-errors')) {
        expect(world.stream('threats').totals.throttled).toBeGreaterThan(3);
      }
    });
  },
);

// Two requests in three fail then, and some answers ask for a day of silence: what takes many requests would take weeks.
it.each(['agents', 'threats', 'alerts', 'rogues', 'device-control-events'])(
  'a console that plays all of them loses and doubles nothing of %s',
  async (type) => {
    const world = await consoleWorld({ console: { profiles } });
    close = world.close;
    const start = world.clock.now();
    await world.connect([type], start - 5 * hourMs);
    await world.collect([type], start - 5 * 60_000);
    const { problems, lines } = await world.compare(type);
    expect(problems).toStrictEqual([]);
    expect(lines).toBeGreaterThan(10);
    expect(world.stream(type).totals.records).toBe(lines);
  },
);
