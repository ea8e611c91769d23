import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../local/console/console.ts';
import type { FaultProfile } from '../../../local/console/server/faults/profiles.ts';
import { epochMs, get, getPage, hourMs, type ListPage, openConsole, stoppedClock, walk } from './support.ts';

/** What reached the client: a status and the body, and how the connection ended. */
interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly end: 'complete' | 'cut' | 'reset';
}

function raw(console: RunningConsole, path: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const headers = { authorization: `ApiToken ${console.tokens.admin}` };
    const call = httpRequest(`${console.url}/web/api/v2.1${path}`, { headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      const done = (end: Outcome['end']) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, end });
      response.on('end', () => done('complete'));
      response.on('error', () => done('cut'));
    });
    call.on('error', () => resolve({ status: 0, headers: {}, text: '', end: 'reset' }));
    call.end();
  });
}

async function outcomes(
  profiles: readonly FaultProfile[],
  count: number,
  path = '/agents?limit=5',
): Promise<Outcome[]> {
  const console = await openConsole({ profiles });
  const all: Outcome[] = [];
  for (let request = 0; request < count; request++) all.push(await raw(console, path));
  return all;
}

describe('throttle-storm', () => {
  it('answers a large share with 429 pages and every form of Retry-After, the same ones for the same seed', async () => {
    const all = await outcomes(['throttle-storm'], 150);
    const throttled = all.filter(({ status }) => status === 429);
    expect(throttled.length).toBeGreaterThan(40);
    expect(all.filter(({ status }) => status === 200).length).toBeGreaterThan(40);
    for (const { headers, text } of throttled)
      expect([headers['content-type'], text.startsWith('<html>')]).toEqual(['text/html', true]);
    const retryAfter = throttled.map(({ headers }) => String(headers['retry-after']));
    for (const form of [/^[12]$/, / GMT$/, /^undefined$/, /^(0|-5|soon|\d{5,})$/])
      expect(retryAfter.some((value) => form.test(value))).toBe(true);
    const again = await outcomes(['throttle-storm'], 150);
    expect(again.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
      all.map(({ status, headers }) => [status, headers['retry-after']]),
    );
  });
});

describe('server-errors', () => {
  it('fails in every way there is, and otherwise answers rightly', async () => {
    const all = await outcomes(['server-errors'], 120);
    const right = all.find(({ status, end }) => status === 200 && end === 'complete');
    const kinds = new Set(
      all.map(({ status, headers, end, text }) => {
        if (end === 'reset') return 'reset';
        if (end === 'cut')
          return `cut ${headers['content-length'] === undefined ? 'chunked' : 'with length'}`;
        if (status === 200) expect(text).toBe(right?.text);
        return `${status} ${String(headers['content-type'])}`;
      }),
    );
    expect([...kinds].sort()).toEqual([
      '200 application/json',
      '500 application/json',
      '502 text/html',
      '503 text/plain; charset=utf-8',
      'cut chunked',
      'cut with length',
      'reset',
    ]);
    // What was cut is the beginning of the right answer.
    for (const { text } of all.filter(({ end }) => end === 'cut'))
      expect(right?.text.startsWith(text)).toBe(true);
  });
});

describe('refused-cursors', () => {
  it('refuses some good cursors, and no request without one', async () => {
    const console = await openConsole({ profiles: ['refused-cursors'] });
    const first = await getPage(console, '/threats', { limit: '5' });
    const statuses: number[] = [];
    for (let request = 0; request < 60; request++) {
      statuses.push(
        (await get(console, '/threats', { limit: '5', cursor: first.pagination.nextCursor ?? '' })).status,
      );
      expect((await get(console, '/threats', { limit: '5' })).status).toBe(200);
    }
    expect(new Set(statuses)).toEqual(new Set([200, 400]));
    expect(statuses.filter((status) => status === 400).length).toBeLessThan(30);
  });
});

describe('nulls', () => {
  it('plays null data, empty pages with a cursor and every kind of end, and loses no record', async () => {
    const console = await openConsole({ profiles: ['nulls'] });
    const pages: ListPage[] = [];
    const ids: string[][] = [];
    for (let round = 0; round < 12; round++) {
      const found: string[] = [];
      for (let cursor: string | null | undefined; ; ) {
        const page = await getPage(console, '/threats', {
          limit: '25',
          sortBy: 'updatedAt',
          ...(cursor ? { cursor } : {}),
        });
        pages.push(page);
        found.push(...(page.data ?? []).map(({ id }) => id));
        expect(page.pagination.nextCursor).not.toBe(cursor ?? 'none');
        cursor = page.pagination.nextCursor;
        if (!cursor) break;
      }
      ids.push(found);
    }
    expect(new Set(ids.map(String)).size).toBe(1);
    expect(new Set(ids[0]).size).toBe(120);
    const ends = pages
      .filter(({ pagination }) => !pagination.nextCursor)
      .map(({ pagination }) => String(pagination.nextCursor));
    expect(new Set(ends)).toEqual(new Set(['null', '', 'undefined']));
    expect(pages.some(({ data, pagination }) => data === null && pagination.nextCursor)).toBe(true);
    expect(pages.some(({ data, pagination }) => data?.length === 0 && pagination.nextCursor)).toBe(true);
    expect(pages.some(({ data, pagination }) => (data ?? []).length === 0 && !pagination.nextCursor)).toBe(
      true,
    );
  });
});

describe('every fault', () => {
  it.each([
    ['/cloud-detection/alerts', 'alertInfoReportedAt'],
    ['/rogues/table-view', 'lastSeen'],
    ['/device-control/events', 'eventTime'],
    ['/activities', 'createdAt'],
  ])('but wrong records is played by %s', async (path, sortBy) => {
    const params = { sortBy, limit: '4' };
    const size = { threats: 400, agents: 400 };
    const plain = await walk(await openConsole(size), path, params);
    expect(plain.length).toBeGreaterThan(40);
    const profiles = ['throttle-storm', 'server-errors', 'refused-cursors', 'nulls'] as const;
    for (const profile of profiles) {
      const console = await openConsole({ ...size, profiles: [profile] });
      const found: unknown[] = [];
      const failures = new Set<string>();
      for (let cursor = ''; ; ) {
        const query = new URLSearchParams({ ...params, ...(cursor === '' ? {} : { cursor }) });
        const { status, end, text } = await raw(console, `${path}?${query}`);
        if (status !== 200 || end !== 'complete') {
          failures.add(`${status} ${end}`);
          continue;
        }
        const page: ListPage = JSON.parse(text);
        if (page.data === null) failures.add('null');
        found.push(...(page.data ?? []));
        cursor = page.pagination.nextCursor ?? '';
        if (cursor === '') break;
      }
      expect(found).toEqual(plain);
      expect([profile, failures.size > 0]).toEqual([profile, true]);
    }
  });
});

describe('mutation and late-records', () => {
  it('agree with the truth at every moment', async () => {
    const clock = stoppedClock(epochMs + hourMs);
    const console = await openConsole({ clock, profiles: ['mutation', 'late-records'] });
    let hidden = 0;
    for (let moment = 0; moment < 5; moment++) {
      clock.nowMs += 20_000;
      const lines = [...console.truth('threats', 0, clock.nowMs + 1)];
      const current = lines.filter((line) => line.current).map((line) => line.record);
      const newest = new Map(lines.map((line) => [line.id, line]));
      hidden += [...newest.values()].filter((line) => !line.current).length;
      const page = await getPage(console, '/threats', { limit: '1000', sortBy: 'updatedAt' });
      expect(page.data).toEqual(JSON.parse(JSON.stringify(current)));
    }
    expect(hidden).toBeGreaterThan(0);
  });

  it('can be switched on at any time and leave the past alone', async () => {
    const clock = stoppedClock(epochMs + hourMs);
    const console = await openConsole({ clock });
    const past = () => JSON.stringify([...console.truth('threats', 0, epochMs + hourMs, epochMs + hourMs)]);
    const before = past();
    console.setProfiles(['mutation', 'late-records']);
    clock.nowMs += 60_000;
    expect(past()).toBe(before);
    expect([...console.truth('threats', epochMs + hourMs, clock.nowMs)].length).toBeGreaterThan(200);
  });
});
