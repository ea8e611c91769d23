import { afterEach, describe, expect, it } from 'vitest';
import { type ConsoleWorldOptions, consoleWorld, hourMs } from '../support/console-world.ts';

let world: Awaited<ReturnType<typeof consoleWorld>> | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const type = 'threat-events';
const minuteMs = 60_000;

async function connected(console: ConsoleWorldOptions['console'], token?: 'siteScoped') {
  const made = await consoleWorld({
    pageSize: 100,
    console: { threats: 200, threatEventsPerThreat: 20, ...console },
    ...(token === undefined ? {} : { token }),
  });
  world = made;
  await made.connect([type], made.clock.now() - 6 * hourMs);
  return made;
}

describe('threat events that are collected from the simulator', () => {
  it('are what it calls the truth when threats change again and again, and are deleted', async () => {
    const { clock, simulator, collect, compare, recordsOf, logged } = await connected({
      deletedThreats: 4,
      threatEventsPerThreat: 8,
    });
    await collect([type], clock.now());
    // When threats change several times a second for a while, and then no more than usual
    for (let round = 0; round < 2; round++) {
      simulator.setProfiles(['mutation']);
      clock.advance(20 * minuteMs);
      simulator.setProfiles([]);
      clock.advance(20 * minuteMs);
      await collect([type], clock.now());
    }
    clock.advance(5 * minuteMs);
    await collect([type], clock.now());
    // Then each event is there once
    const { problems, lines, required } = await compare(type);
    expect(problems).toEqual([]);
    expect(required).toBeGreaterThan(2_000);
    expect(lines).toBeGreaterThan(required);
    // And some came behind others that have larger ids
    const newest = new Map<unknown, bigint>();
    let late = 0;
    for (const { threatId, id } of recordsOf(type)) {
      const known = newest.get(threatId) ?? 0n;
      if (BigInt(String(id)) < known) late += 1;
      else newest.set(threatId, BigInt(String(id)));
    }
    expect(late).toBeGreaterThan(0);
    // And what was deleted before anybody came was done with
    expect(simulator.requests.some(({ status }) => status === 404)).toBe(true);
    expect(logged.some((message) => message.includes('HTTP 404'))).toBe(true);
  });

  it.each(['refused-cursors', 'nulls', 'late-records'] as const)(
    'are the same in spite of %s',
    async (profile) => {
      const { clock, collect, compare } = await connected({ threats: 60, profiles: [profile] });
      await collect([type], clock.now(), 20_000);
      clock.advance(10 * minuteMs);
      await collect([type], clock.now(), 20_000);
      const { problems, required } = await compare(type);
      expect(problems).toEqual([]);
      expect(required).toBeGreaterThan(100);
    },
  );

  it('of one site are seen by its token', async () => {
    const { clock, simulator, collect, recordsOf, stream } = await connected({}, 'siteScoped');
    await collect([type], clock.now());
    const read = recordsOf(type);
    const [site] = new Set(read.map(({ siteId }) => siteId));
    const truth = [...simulator.truth(type, 0, clock.now())].filter(
      ({ current, time, record }) =>
        current && record['siteId'] === site && Date.parse(time) < stream(type).watermark,
    );
    const nameOf = ({ threatId, id }: Readonly<Record<string, unknown>>) => `${threatId}:${id}`;
    expect(read.map(nameOf)).toEqual(expect.arrayContaining(truth.map(({ record }) => nameOf(record))));
    expect(read.every(({ siteId }) => siteId === site)).toBe(true);
    expect(truth.length).toBeGreaterThan(100);
  });
});
