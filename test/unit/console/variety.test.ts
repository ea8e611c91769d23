import { describe, expect, it } from 'vitest';
import { truth } from '../../../local/console/world/truth-sources.ts';
import { build } from '../../../local/console/world/world.ts';
import { epochMs, hourMs, worldDefaults } from './support.ts';

const world = build({ ...worldDefaults, threats: 2_000, agents: 400 });
const text = (type: 'threats' | 'agents') =>
  [...truth(world, type, 0, epochMs, epochMs)].map((line) => JSON.stringify(line.record));
const threats = text('threats');
const agents = text('agents');

describe('the data on purpose holds', () => {
  it.each([
    ['no detection info', /"agentDetectionInfo":null/],
    ['detection info that is all null', /"agentDetectionInfo":\{"accountId":null,"accountName":null/],
    ['several addresses in one string', /"agentIpV4":"[\d.]+,[\d.]+"/],
    ['an empty list of addresses', /"agentIpV6":""/],
    ['identification times without a fraction', /"identifiedAt":"[\dT:-]+Z"/],
    ['identification times with three digits', /"identifiedAt":"[\dT:-]+\.\d{3}Z"/],
    ['times with two digits', /At":"[\dT:-]+\.\d\dZ"/],
    ['updatedAt that ends in zeros', /"updatedAt":"[\dT:-]+\.\d{3}000Z"/],
    ['detections without a file', /"filePath":"",.*"isFileless":true.*"sha1":"","sha256":null/],
    ['an empty threat name', /"threatName":""/],
    ['no tactics', /"tactics":\[\]/],
    ['one tactic twice', /"tactics":\[\{"name":"([^"]+)"[^\]]*\]\},\{"name":"\1"/],
    ['two tactics', /"tactics":\[\{"name":"([^"]+)"[^\]]*\]\},\{"name":"(?!\1)/],
    ['a tactic source that is not MITRE', /"source":"DEFAULT"/],
    ['an emoji', /📎/u],
    ['names beyond ASCII', /請求書/u],
    ['a decommissioning that is true and no date', /"agentDecommissionedAt":true/],
    [
      'a decommissioned host in a transitional state',
      /"agentIsDecommissioned":true,.*"agentNetworkStatus":"connecting"/,
    ],
    ['counters that are null', /"actionsCounters":null/],
    ['a field that no documentation knows', /"signalProvenance"/],
  ])('threats with %s', (_, pattern) => {
    expect(threats.some((record) => pattern.test(record))).toBe(true);
  });

  it.each([
    ['tags null', /"tags":null/],
    ['tags {}', /"tags":\{\}/],
    ['tags', /"tags":\{"sentinelone":\[\{/],
    ['workload counts null', /"containerizedWorkloadCounts":null/],
    ['workload counts', /"containerizedWorkloadCounts":\{/],
    ['locations null', /"locations":null/],
    [
      'a decommissioned host that is still connecting',
      /"isDecommissioned":true.*"networkStatus":"connecting"/,
    ],
    ['an uninstalled host', /"isUninstalled":true/],
    ['a start time without a fraction', /"osStartTime":"[\dT:-]+Z"/],
    ['a dashed uuid', /"uuid":"[0-9a-f]{8}-/],
    ['an undashed uuid', /"uuid":"[0-9a-f]{32}"/],
    ['a masked group address', /"groupIp":"[\d.]+\.x"/],
  ])('agents with %s', (_, pattern) => {
    expect(agents.some((record) => pattern.test(record))).toBe(true);
  });

  it('every threat with six fraction digits in updatedAt, the same id twice, and no id as a number', () => {
    for (const line of truth(world, 'threats', epochMs - hourMs, epochMs, epochMs)) {
      expect(line.time).toMatch(/\.\d{6}Z$/);
      expect(line.record).toMatchObject({
        id: line.id,
        threatInfo: { threatId: line.id, updatedAt: line.time },
      });
      expect(JSON.stringify(line.record)).not.toMatch(/[:,[]\d{16,}/);
    }
  });

  it('some threats that were updated before they were created, by a few milliseconds', () => {
    const early = threats.filter((record) => {
      const [, created = '', updated = ''] =
        /"createdAt":"([^"]+)".*"updatedAt":"([^"]+)"/.exec(record) ?? [];
      return updated < created;
    });
    expect(early.length).toBeGreaterThan(0);
  });

  it.each([2_000, 8_000])('threats of at least %i bytes where that is asked for', (threatBytes) => {
    const padded = build({ ...worldDefaults, threatBytes });
    for (const { record } of truth(padded, 'threats', 0, epochMs + hourMs, epochMs + hourMs)) {
      expect(Buffer.byteLength(JSON.stringify(record))).toBeGreaterThanOrEqual(threatBytes);
    }
  });
});
