import { afterEach, describe, expect, it } from 'vitest';
import { type ConsoleWorldOptions, consoleWorld, hourMs } from '../support/console-world.ts';
import { presentVulnerabilities } from './present-vulnerabilities.ts';

let world: Awaited<ReturnType<typeof consoleWorld>> | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const type = 'vulnerabilities';

/** Collects everything that a console tells of vulnerabilities, by one source of them, and on for some hours. */
async function collect(source: string, options: ConsoleWorldOptions = {}, hours = 3) {
  world = await consoleWorld({
    pageSize: 200,
    ...options,
    console: { applications: 20, installs: 240, ...options.console },
    options: { [type]: { source } },
  });
  const start = world.clock.now();
  await world.connect([type], start - 6 * hourMs);
  for (let hour = 0; hour <= hours; hour++) await world.collect([type], start + hour * hourMs, 20_000);
  return world;
}

const sources = [
  ['risks', 'vulnerabilities'],
  ['installed-applications', 'vulnerabilities-installed'],
  ['per-application', 'vulnerabilities-installed'],
] as const;

describe('vulnerabilities that are collected from the simulator', () => {
  it.each(sources)(
    'are what it calls the truth of %s, also when they change meanwhile',
    async (source, truth) => {
      const { compare } = await collect(source, {}, 26);
      const { problems, required, lines } = await compare(type, truth);
      expect(problems).toEqual([]);
      expect(required).toBeGreaterThan(500);
      expect(lines).toBeGreaterThanOrEqual(required);
    },
  );

  it.each(['refused-cursors', 'nulls', 'late-records', 'mutation'] as const)(
    'are the same in spite of %s, from either kind of list',
    async (profile) => {
      for (const [source, truth] of sources.slice(0, 2)) {
        const { compare, close } = await collect(source, { console: { profiles: [profile] } }, 1);
        expect([source, (await compare(type, truth)).problems]).toEqual([source, []]);
        await close();
      }
      world = undefined;
    },
  );

  it.each(['server-errors', 'throttle-storm'] as const)(
    'are the same in spite of %s, as application management tells them',
    async (profile) => {
      const { compare } = await collect('risks', { console: { profiles: [profile] } }, 1);
      const { problems, lines } = await compare(type);
      expect(problems).toEqual([]);
      expect(lines).toBeGreaterThan(500);
    },
  );

  it('are the same ones from all sources', async () => {
    const found = new Map<string, readonly string[]>();
    const calls = new Map<string, number>();
    for (const [source] of sources) {
      const { recordsOf, simulator, close } = await collect(source, { console: { installs: 400 } }, 0);
      found.set(source, presentVulnerabilities(recordsOf(type)));
      calls.set(source, simulator.requests.length);
      await close();
    }
    world = undefined;
    expect(found.get('risks')?.length).toBeGreaterThan(1_000);
    expect(found.get('installed-applications')).toEqual(found.get('risks'));
    expect(found.get('per-application')).toEqual(found.get('risks'));
    // One call per application, and not per install.
    expect(calls.get('installed-applications')).toBeLessThan(60);
    expect(calls.get('per-application')).toBeGreaterThan(280);
  });

  it('of one site are seen by its token, which application management refuses', async () => {
    const { recordsOf, simulator, stream, clock } = await collect('auto', { token: 'siteScoped' }, 0);
    expect(simulator.requests.find(({ status }) => status === 403)?.path).toMatch(/risks$/);
    expect(stream(type).status).toMatchObject({ health: 'ok' });
    const mine = new Set(await agentsOf(simulator.url, simulator.tokens.siteScoped));
    const truth = [...simulator.truth('vulnerabilities-installed', 0, clock.now())].filter(
      ({ current, record }) => current && mine.has(record['agentId']),
    );
    expect(presentVulnerabilities(recordsOf(type))).toEqual(
      presentVulnerabilities(truth.map(({ record }) => record)),
    );
    expect(truth.length).toBeGreaterThan(100);
  });
});

/** The ids of the agents that a token sees. */
async function agentsOf(url: string, token: string): Promise<readonly unknown[]> {
  const response = await fetch(
    `${url}/web/api/v2.1/agents?limit=1000&isDecommissioned=True,False&isUninstalled=True,False`,
    { headers: { authorization: `ApiToken ${token}` } },
  );
  const { data } = JSON.parse(await response.text());
  return data.map(({ id }: { readonly id: string }) => id);
}
