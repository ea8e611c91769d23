import { describe, expect, it } from 'vitest';
import { truth } from '../../../local/console/world/truth-sources.ts';
import { build } from '../../../local/console/world/world.ts';
import { epochMs, hourMs, worldDefaults } from './support.ts';

describe('the data on purpose holds', () => {
  const world = build({ ...worldDefaults, unifiedAlerts: 800 });
  const texts = [...truth(world, 'unified-alerts', 0, epochMs, epochMs)].map(({ record }) =>
    JSON.stringify(record),
  );
  const bodies = Array.from({ length: 300 }, (_, row) => JSON.stringify(world.unifiedAlerts.body(row)));

  it.each([
    ['no updatedAt', /"updatedAt":null/],
    ['times with three digits', /"detectedAt":"[\dT:-]+\.\d{3}Z"/],
    ['no confidence', /"confidenceLevel":null/],
    ['no result', /"result":null/],
    ['an empty name', /"name":""/],
    ['an emoji', /📎/u],
    ['names beyond ASCII', /夜間の/],
    ['nobody assigned', /"assignee":null/],
    ['somebody assigned', /"assignee":\{"userId":"\d+"/],
    ['no asset', /"assets":\[\]/],
    ['an asset that is no agent', /"agentUuid":null/],
    ['an agent', /"agentUuid":"[0-9a-f-]{32,36}"/],
    ['several addresses in one string', /"ipV4":"[\d.]+,[\d.]+"/],
    ['no first sight', /"firstSeenAt":null/],
    ['an external id beyond 2^53, as a string', /"externalId":"\d{19}"/],
    ['no process', /"process":null/],
    ['a process without a file', /"file":null/],
    ['no group', /"group":null/],
  ])('%s', (_, pattern) => {
    expect(texts.some((text) => pattern.test(text))).toBe(true);
  });

  it('alerts that the console heard of long after they were detected, whether somebody has touched them or not', () => {
    const late = bodies
      .map((text) => JSON.parse(text))
      .filter(({ createdAt, detectedAt }) => Date.parse(createdAt) - Date.parse(detectedAt) > hourMs);
    expect(late.length).toBeGreaterThan(3);
    expect(new Set(late.map(({ updatedAt }) => updatedAt === null)).size).toBe(2);
  });

  it('ids that are UUIDs of version 7 and are found again', () => {
    const { unifiedAlerts } = world;
    for (let record = 0; record < 100; record++) {
      const id = unifiedAlerts.id(record);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-9[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(unifiedAlerts.find(id)).toBe(record);
    }
    for (const wrong of ['', 'x', '00000000-0000-7000-9000-000000000000', '1'])
      expect(unifiedAlerts.find(wrong)).toBe(-1);
  });
});
