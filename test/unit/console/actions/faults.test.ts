import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../../local/console/console.ts';
import type { FaultProfile } from '../../../../local/console/server/faults/profiles.ts';
import { get } from '../support.ts';
import { consoleWithClock, hosts, onlineHost, sendBody } from './support.ts';

/** What whoever asked has got: a status, or nothing whole. */
async function ask(console: RunningConsole, id: string): Promise<number | 'broken'> {
  try {
    const reply = await sendBody(console, 'POST', '/agents/actions/fetch-logs', { filter: { ids: [id] } });
    return reply.status;
  } catch {
    return 'broken';
  }
}

/** Whether the action was done, by what whoever asked has got. */
async function outcomes(profile: FaultProfile, count: number) {
  const { console } = await consoleWithClock();
  const id = await onlineHost(console);
  console.setProfiles([profile]);
  const found: { readonly got: number | 'broken'; readonly isDone: boolean }[] = [];
  for (let request = 0; request < count; request++) {
    const before = console.deeds.length;
    const got = await ask(console, id);
    found.push({ got, isDone: console.deeds.length > before });
  }
  expect(console.actionRequests.length).toBe(count);
  return found;
}

const done = (found: Awaited<ReturnType<typeof outcomes>>, got: (answer: number | 'broken') => boolean) =>
  new Set(found.filter((one) => got(one.got)).map(({ isDone }) => isDone));

describe('faults around actions', () => {
  it('server-errors: what is answered in place of the right answer was not done, what broke on the way was', async () => {
    const found = await outcomes('server-errors', 150);
    expect(done(found, (got) => got === 200)).toEqual(new Set([true]));
    expect(done(found, (got) => got === 500 || got === 502 || got === 503)).toEqual(new Set([false]));
    expect(done(found, (got) => got === 'broken')).toEqual(new Set([true]));
  });

  it('throttle-storm: what is throttled was not done', async () => {
    const found = await outcomes('throttle-storm', 80);
    expect(done(found, (got) => got === 429)).toEqual(new Set([false]));
    expect(done(found, (got) => got === 200)).toEqual(new Set([true]));
  });

  it('deeds-unanswered: no failure tells whether it was done', async () => {
    const found = await outcomes('deeds-unanswered', 300);
    expect(done(found, (got) => got === 200)).toEqual(new Set([true]));
    for (const got of [500, 502, 503, 'broken'])
      expect(done(found, (answer) => answer === got)).toEqual(new Set([true, false]));
    const again = await outcomes('deeds-unanswered', 300);
    expect(again).toEqual(found);
  });

  it('deeds-unanswered leaves everything else alone', async () => {
    const { console } = await consoleWithClock({ profiles: ['deeds-unanswered'] });
    for (let request = 0; request < 40; request++) expect((await get(console, '/agents')).status).toBe(200);
    for (let request = 0; request < 10; request++) {
      const body = { data: { apiToken: console.tokens.admin } };
      expect((await sendBody(console, 'POST', '/users/api-token-details', body)).status).toBe(200);
    }
  });
});

describe('scripted answers to actions', () => {
  it.each([
    [{ status: 500 }, 500, false],
    [{ status: 500, afterwards: true }, 500, true],
    [{ status: 429, headers: { 'retry-after': '1' }, afterwards: true }, 429, true],
    [{ status: 200, breaks: 'before' }, 'broken', false],
    [{ status: 200, breaks: 'before', afterwards: true }, 'broken', true],
    [
      { status: 200, body: { data: { affected: 1 } }, breaks: 'in the middle', afterwards: true },
      'broken',
      true,
    ],
  ] as const)('%j', async (answer, got, isDone) => {
    // Whatever profiles are on: what a test has ordered is what it gets.
    const { console } = await consoleWithClock({ profiles: ['server-errors', 'deeds-unanswered'] });
    const id = (await listed(console))[0] ?? '';
    console.script('/agents/actions/', [answer]);
    expect(await ask(console, id)).toBe(got);
    expect(console.deeds.length).toBe(isDone ? 1 : 0);
    expect(console.actionRequests.map(({ status }) => status)).toEqual([
      got === 'broken' && !('body' in answer) ? 0 : answer.status,
    ]);
  });

  it('does nothing that is not allowed, whatever is answered', async () => {
    const { console } = await consoleWithClock();
    const id = await onlineHost(console);
    console.script('/agents/actions/', [{ status: 200, body: {}, afterwards: true }]);
    const body = { filter: { ids: [id] } };
    const reply = await sendBody(console, 'POST', '/agents/actions/fetch-logs', body, console.tokens.viewer);
    expect([reply.status, console.deeds]).toEqual([200, []]);
  });
});

/** Read in spite of the profiles. */
async function listed(console: RunningConsole): Promise<readonly string[]> {
  console.setProfiles([]);
  const found = await hosts(console);
  console.setProfiles(['server-errors', 'deeds-unanswered']);
  return found.map(({ id }) => id);
}
