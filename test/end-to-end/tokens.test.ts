import { afterEach, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../local/console/server/tokens.ts';
import { contentTypeIds } from '../../shared/content-types/registry.ts';
import type { Health } from '../../shared/errors.ts';
import { fieldAt, textAt } from '../../shared/records/json-fields.ts';
import { consoleWorld, hourMs } from '../support/console-world.ts';

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  close = undefined;
});

/** Collects with a token until every stream is complete or has failed three times in a row. */
async function collectedWith(token: keyof IssuedTokens, siteIds: readonly string[] = []) {
  const world = await consoleWorld({
    token,
    siteIds,
    console: { threats: 250, agents: 150, endpointEvents: 250 },
  });
  close = world.close;
  const start = world.clock.now();
  await world.connect(contentTypeIds, start - 2 * hourMs);
  const isOver = (type: string) => {
    const { watermark, status } = world.stream(type);
    return watermark >= start - 15 * 60_000 || status.failures >= 3;
  };
  for (let round = 0; round < 100 && !contentTypeIds.every(isOver); round++) {
    for (const type of contentTypeIds.filter((id) => !isOver(id))) await world.work(type);
    world.clock.advance(15_000);
  }
  return world;
}

type World = Awaited<ReturnType<typeof collectedWith>>;

/** What the streams say that are not well, by content type: health, code, HTTP status. */
function troublesOf(
  world: World,
): Readonly<Record<string, readonly [Health, string | undefined, number | undefined]>> {
  return Object.fromEntries(
    contentTypeIds
      .map((type) => [type, world.stream(type).status] as const)
      .filter(([, { health }]) => health !== 'ok')
      .map(([type, { health, code, httpStatus }]) => [type, [health, code, httpStatus]]),
  );
}

async function expectComplete(world: World, types: readonly string[]): Promise<void> {
  for (const type of types) {
    const { problems } = await world.compare(type);
    expect({ type, problems }).toStrictEqual({ type, problems: [] });
    expect({ type, failures: world.stream(type).status.failures }).toStrictEqual({ type, failures: 0 });
  }
}

describe('a token', () => {
  it('that may not read Deep Visibility leaves out that, names the permission, and reads the rest', async () => {
    const world = await collectedWith('withoutDeepVisibility');
    expect(troublesOf(world)).toStrictEqual({ 'deep-visibility': ['permission', 'permission_missing', 403] });
    expect(world.stream('deep-visibility').status.recommendation).toContain('SDL Data.viewEdr');
    await expectComplete(
      world,
      contentTypeIds.filter((id) => id !== 'deep-visibility'),
    );
  });

  it('of a scope without STAR says that the licence is missing, and reads the rest', async () => {
    const world = await collectedWith('withoutStar');
    const missing = ['licence', 'custom_rules_disabled', 403];
    expect(troublesOf(world)).toStrictEqual({ alerts: missing, 'alert-changes': missing });
    expect(world.stream('alerts').status.recommendation).toContain('STAR Custom Rules');
    const star = world.simulator.requests.filter(({ path }) => path.endsWith('/cloud-detection/alerts'));
    // No storm: three tries of each of the two streams.
    expect(star.length).toBeLessThanOrEqual(6);
    await expectComplete(
      world,
      contentTypeIds.filter((id) => !id.startsWith('alert')),
    );
  });

  it('of a site reads what the site has, and says what it cannot read', async () => {
    const world = await collectedWith('siteScoped');
    expect(troublesOf(world)).toStrictEqual({ accounts: ['permission', 'site_scope_refused', 403] });
    const [site] = world.recordsOf('sites');
    const siteId = textAt(site, 'id');
    expect(siteId).toBeDefined();
    for (const type of [
      'agents',
      'threats',
      'alerts',
      'activities',
      'threat-events',
      'groups',
      'device-control-events',
    ]) {
      const records = world.recordsOf(type);
      const named = records.map(
        (record) =>
          textAt(record, 'siteId') ??
          textAt(record, 'agentRealtimeInfo', 'siteId') ??
          textAt(record, 'agentDetectionInfo', 'siteId') ??
          textAt(record, 'threat', 'siteId'),
      );
      expect({ type, sites: [...new Set(named.filter((id) => id !== undefined))] }).toStrictEqual({
        type,
        sites: type === 'device-control-events' ? [] : [siteId],
      });
      expect({ type, some: records.length > 0 }).toStrictEqual({ type, some: true });
    }
    // Risks are refused to it, so the vulnerabilities are read the other way.
    expect(world.recordsOf('vulnerabilities').length).toBeGreaterThan(10);
    expect(world.recordsOf('vulnerabilities').every((record) => fieldAt(record, 'cve') !== undefined)).toBe(
      true,
    );
    // The console wants an account from it here, and its sites name one.
    expect(world.recordsOf('rogues').length).toBeGreaterThan(0);
  });

  it('that has expired is told for every content type, with what to do', async () => {
    const world = await collectedWith('expired');
    const refused = ['credentials', 'token_refused', 401];
    expect(troublesOf(world)).toStrictEqual(Object.fromEntries(contentTypeIds.map((id) => [id, refused])));
    for (const type of contentTypeIds) {
      expect(world.stream(type).status.recommendation).toContain('Generate a new token');
      expect(world.stream(type).status.nextTryAt).toBeGreaterThan(world.clock.now() - hourMs);
      expect(world.stream(type).totals.records).toBe(0);
    }
  });
});

describe('a connector that names a site', () => {
  it('reads with an account token what the site has, and refuses what cannot be limited to it', async () => {
    const probe = await consoleWorld();
    const siteId = textAt([...probe.simulator.truth('sites', 0, probe.clock.now())][0]?.record, 'id') ?? '';
    await probe.close();
    const world = await collectedWith('admin', [siteId]);
    expect(troublesOf(world)).toStrictEqual({
      accounts: ['misconfigured', 'site_scope_not_possible', undefined],
    });
    expect(world.simulator.requests.some(({ path }) => path.endsWith('/accounts'))).toBe(false);
    for (const type of ['agents', 'threats', 'activities', 'sites']) {
      const sites = world
        .recordsOf(type)
        .map((record) =>
          type === 'sites'
            ? textAt(record, 'id')
            : (textAt(record, 'siteId') ?? textAt(record, 'agentRealtimeInfo', 'siteId')),
        );
      expect({ type, sites: [...new Set(sites)] }).toStrictEqual({ type, sites: [siteId] });
    }
  });
});
