import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truth } from '../../../local/console/world/truth-sources.ts';
import { build } from '../../../local/console/world/world.ts';
import { epochMs, hourMs, openConsole, stoppedClock, walk, worldDefaults } from './support.ts';
import { joined, keyOf, riskKey, risks, small } from './vulnerability-support.ts';

describe('the vulnerabilities', () => {
  it('are the same in all lists, before and after something was uninstalled', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ ...small, clock });
    const seen = new Set<string>();
    for (const hours of [0, 40]) {
      clock.nowMs = epochMs + hours * hourMs;
      const found = (await walk(console, risks, { limit: '1000' })).map(riskKey).sort();
      expect(found.length).toBeGreaterThan(100);
      expect(new Set(found).size).toBe(found.length);
      expect(await joined(console)).toEqual(found);
      seen.add(found.join());
    }
    expect(seen.size).toBe(2);
  });

  it('are one set in the world, whatever its size and seed, at any time', () => {
    const one = fc.property(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 48 }),
      (seed, applications, installs, agents, hours) => {
        const world = build({ ...worldDefaults, seed, threats: 0, applications, installs, agents });
        const atMs = epochMs + hours * hourMs;
        const shownRisks = world.shown(world.risks, atMs);
        const shownInstalls = world.shown(world.installs, atMs);
        const detected = new Set<string>();
        for (let record = 0; record < world.risks.timeline.recordCount; record++) {
          const row = shownRisks.rowOf(record);
          if (row < 0 || world.risks.state(row).status === 'Removed') continue;
          const { host, application, cve } = world.risks;
          const { name, version } = application(record);
          detected.add(keyOf(host(record).id, name, version, cve(record).cveId));
        }
        const expected: string[] = [];
        for (let record = 0; record < world.installs.timeline.recordCount; record++) {
          if (shownInstalls.rowOf(record) < 0) continue;
          const { name, version, cves: own, osType } = world.installs.application(record);
          const host = world.installs.host(record);
          expect(osType).toBe(host.os.type);
          for (const number of own)
            expected.push(keyOf(host.id, name, version, world.cves.cve(number).cveId));
        }
        expect(new Set(expected).size).toBe(expected.length);
        expect([...detected].sort()).toEqual(expected.sort());
      },
    );
    fc.assert(one, { numRuns: 25 });
  });

  it('come from as many applications as are asked for, each on many hosts', () => {
    const world = build({ ...worldDefaults, threats: 0, agents: 500, applications: 200, installs: 10_000 });
    const names = Array.from({ length: 10_000 }, (_, record) => {
      const { name, publisher, version, osType } = world.installs.application(record);
      return keyOf(name, publisher, version, osType);
    });
    expect(new Set(names).size).toBe(200);
    expect(world.risks.timeline.recordCount).toBeGreaterThan(20_000);
    expect(world.risks.timeline.revisions.byteLength).toBeLessThan(5_000_000);
  });

  it('are none without hosts', () => {
    const world = build({ ...worldDefaults, agents: 0 });
    for (const type of ['vulnerabilities', 'vulnerabilities-installed'])
      expect([...truth(world, type, 0, epochMs + hourMs, epochMs + hourMs)]).toEqual([]);
  });
});

describe('the data on purpose holds', () => {
  const world = build({ ...worldDefaults, threats: 0, agents: 80, applications: 40, installs: 400 });
  const atMs = epochMs + 24 * hourMs;
  const risk = [...truth(world, 'vulnerabilities', 0, atMs, atMs)].map(({ record }) =>
    JSON.stringify(record),
  );
  const installs = [...truth(world, 'vulnerabilities-installed', 0, atMs, atMs)].map(({ record }) =>
    JSON.stringify(record),
  );

  it.each([
    ['scores as strings', /"baseScore":"\d+\.\d\d".*"riskScore":"/],
    ['no score', /"baseScore":null.*"nvdBaseScore":""/],
    ['HTML entities in vendors', /"applicationVendor":"Harbour &amp; Sons"/],
    ['no vendor', /"applicationVendor":null/],
    ['times without a fraction', /"lastScanDate":"[\dT:-]+Z"/],
    ['detection with six digits', /"detectionDate":"[\dT:-]+\.\d{6}Z"/],
    ['an empty markType', /"markType":"","markedBy":null/],
    ['a mark', /"markType":"False Positive","markedBy":"/],
    ['a removal', /"status":"Removed"/],
    ['a failed scan', /"lastScanResult":"Failed"/],
    ['an emoji', /🛠️/u],
    ['a field that nobody knows', /"epssScore"/],
    ['no severity', /"severity":"NONE"/],
    ['a low severity', /"severity":"LOW"/],
    ['a critical severity', /"severity":"CRITICAL"/],
  ])('risks with %s', (_, pattern) => {
    expect(risk.some((text) => pattern.test(text))).toBe(true);
  });

  it.each([
    ['no publisher', /"publisher":""/],
    ['a blank at the end of a name', /"name":"Reading List "/],
    ['quotes and brackets', /O’Neil <Labs>/],
    ['an emoji', /🔑/u],
    ['no installation time', /"installedAt":null/],
    ['nobody knows whether it is signed', /"signed":null/],
    ['a CVE without a description', /"description":null/],
    ['a CVE with an empty link', /"link":""/],
    ['a score of one digit', /"score":\d\.\d[,}]/],
  ])('installed applications with %s', (_, pattern) => {
    expect(installs.some((text) => pattern.test(text))).toBe(true);
  });

  it('no two revisions of a risk that are alike', () => {
    expect(new Set(risk).size).toBe(risk.length);
  });
});
