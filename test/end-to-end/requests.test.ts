import { afterEach, expect, it } from 'vitest';
import { contentTypeIds } from '../../shared/content-types/registry.ts';
import { consoleWorld, hourMs } from '../support/console-world.ts';

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  close = undefined;
});

/** Four hours, at two ends in turn, and the runs of the minutes after them. */
const windows = 12;

const agents = 150;

/**
 * The most requests that a content type may need for so many records, where a page holds 1,000: what `costs` of its declaration
 * says, in numbers.
 * @param changes of threats, or announcements of notes, in the time
 */
const mostRequests: Readonly<Record<string, (records: number, changes: number) => number>> = {
  agents: (records) => windows + records / 1000,
  'agents-snapshot': (records) => 2 + records / 1000,
  threats: (records) => windows + records / 1000,
  alerts: (records) => windows + records / 1000,
  // One per round of 15 minutes at least.
  'alert-changes': () => windows,
  'threat-events': (records, changes) => windows + changes / 10 + changes + records / 1000,
  'threat-notes': (_, changes) => windows + (2 * changes) / 10 + changes,
  rogues: (records) => windows + records / 1000,
  // The rows, and their endpoints by 200 ids at a time.
  vulnerabilities: (records) => windows + records / 1000 + windows + agents / 200,
  // Started, asked after, read.
  'deep-visibility': (records) => 6 * windows + records / 1000,
  activities: (records) => windows + records / 1000,
  groups: (records) => 1 + records / 300,
  sites: () => 1,
  accounts: () => 1,
  'unified-alerts': (records) => 4 * windows + records / 100,
  'device-control-events': (records) => windows + records / 1000,
};

function mostRequestsOf(type: string) {
  const found = mostRequests[type];
  if (found === undefined)
    throw new Error(`Say in mostRequests how many requests ${type} may need: it is declared in \`costs\`.`);
  return found;
}

it.each(contentTypeIds)(
  '%s: no unknown parameter, no call per row, no more than the rate, no token in a URL',
  { timeout: 60_000 },
  async (type) => {
    const world = await consoleWorld({
      pageSize: 1000,
      isPaced: true,
      console: { rateLimitScale: 1, threats: 250, agents, endpointEvents: 250 },
    });
    close = world.close;
    const start = world.clock.now();
    await world.connect([type], start - 4 * hourMs);
    await world.collect([type], start + 10 * 60_000);

    const { requests, tokens } = world.simulator;
    // 400 would be a parameter that the console does not know, 429 a rate that it does not allow.
    expect(requests.filter(({ status }) => status !== 200)).toStrictEqual([]);
    expect(JSON.stringify(requests)).not.toContain(tokens.admin);
    expect(new Set(requests.map(({ token }) => token))).toStrictEqual(new Set(['admin']));

    const records = world.recordsOf(type).length;
    const announcing = type === 'threat-notes' ? 'threat-notes' : 'threats';
    const changes = [...world.simulator.truth(announcing, start - 4 * hourMs, world.clock.now())].length;
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.length).toBeLessThanOrEqual(mostRequestsOf(type)(records, changes));
  },
);

it('names the most requests of every content type', () => {
  expect(Object.keys(mostRequests).toSorted()).toStrictEqual(contentTypeIds.toSorted());
});
