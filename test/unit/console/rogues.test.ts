import { describe, expect, it } from 'vitest';
import { epochMs, get, getPage, hourMs, openConsole, stoppedClock, vendorError, walk } from './support.ts';

const path = '/rogues/table-view';
const large = { agents: 400 };

describe('GET /rogues/table-view', () => {
  it('lists hosts by the time at which they were last seen, and they are seen all day', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ ...large, clock });
    const params = { sortBy: 'lastSeen', limit: '17' };
    const before = await walk(console, path, params);
    clock.nowMs += hourMs;
    const after = new Map((await walk(console, path, params)).map((record) => [record.id, record]));
    const times = before.map(({ lastSeen }) => String(lastSeen));
    expect(times).toEqual([...times].sort());
    const moved = before.filter(({ id, lastSeen }) => after.get(id)?.['lastSeen'] !== lastSeen);
    expect(moved.length).toBeGreaterThan(before.length * 0.9);
    for (const { id, firstSeen } of before) expect(after.get(id)?.['firstSeen']).toBe(firstSeen);
    expect(after.size).toBeGreaterThan(before.length);
  });

  it.each([
    ['lastSeen', '2026-11-24T11:00:00Z'],
    ['firstSeen', '2026-03-01T00:00:00Z'],
  ])('can be asked for %s in every form', async (field, time) => {
    const console = await openConsole(large);
    const all = await walk(console, path, { limit: '1000' });
    const ids = async (params: Readonly<Record<string, string>>) =>
      (await walk(console, path, { ...params, limit: '1000' })).map(({ id }) => id);
    const expected = (test: (value: number) => boolean) =>
      all.filter((record) => test(Date.parse(String(record[field])))).map(({ id }) => id);
    const ms = Date.parse(time);
    expect(await ids({ [`${field}__gte`]: time })).toEqual(expected((value) => value >= ms));
    expect(await ids({ [`${field}__lt`]: time })).toEqual(expected((value) => value < ms));
    expect(await ids({ [`${field}__between`]: `${ms - hourMs}-${ms}` })).toEqual(
      expected((value) => value >= ms - hourMs && value <= ms),
    );
    expect(expected((value) => value >= ms).length).toBeGreaterThan(5);
    expect(expected((value) => value < ms).length).toBeGreaterThan(5);
  });

  it('tells no scope, and is selected by one all the same', async () => {
    const console = await openConsole(large);
    const { data: accounts } = await getPage(console, '/accounts');
    const counts = [];
    for (const { id } of accounts ?? [])
      counts.push((await walk(console, path, { accountIds: id, limit: '1000' })).length);
    const all = await walk(console, path, { limit: '1000' });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Object.keys(all[0] ?? {}).filter((name) => /site|account|group|updated/i.test(name))).toEqual([]);
  });

  it.each<[string, { readonly roguesByAccount?: boolean }, 'siteScoped' | 'viewer']>([
    ['a token of a site', {}, 'siteScoped'],
    ['every token, where the console is set up so', { roguesByAccount: true }, 'viewer'],
  ])('wants an account from %s', async (_, options, label) => {
    const console = await openConsole({ ...large, ...options });
    const token = console.tokens[label];
    const ids = (await getPage(console, '/accounts')).data?.map(({ id }) => id) ?? [];
    for (const params of [{}, { accountIds: ids.join(',') }, { siteIds: ids[0] ?? '' }]) {
      const reply = await get(console, path, params, token);
      expect([reply.status, vendorError(reply)]).toEqual([
        400,
        {
          code: 4_000_010,
          detail: 'accountIds: Please provide a single valid account ID.',
          title: 'Validation Error',
        },
      ]);
    }
    const found = await walk(console, path, { accountIds: ids[0] ?? '', limit: '1000' }, token);
    expect(found.length).toBeGreaterThan(0);
    const all = await walk(await openConsole(large), path, { accountIds: ids[0] ?? '', limit: '1000' });
    expect(found.length < all.length).toBe(label === 'siteScoped');
  });

  it.each([
    [{ updatedAt__gte: '2026-11-24T00:00:00Z' }, "dict_values(['updatedAt__gte']): Unknown field"],
    [{ sortBy: 'updatedAt' }, 'sortBy: '],
    [{ osTypes: 'windows' }, 'osTypes: '],
    [{ lastSeen__between: 'yesterday' }, 'lastSeen__between: '],
  ])('refuses %j', async (params, detail) => {
    const reply = await get(await openConsole(), path, params);
    expect([reply.status, vendorError(reply).detail?.startsWith(detail)]).toEqual([400, true]);
  });

  it('has what networks tell, and what they do not', async () => {
    const console = await openConsole({ agents: 2_000 });
    const texts = (await walk(console, path, { limit: '1000' })).map((record) => JSON.stringify(record));
    for (const pattern of [
      /"hostnames":\[\]/,
      /"hostnames":null/,
      /"hostnames":\["[^"]+","[^"]+"\]/,
      /"macAddress":null/,
      /"macAddress":""/,
      /"macAddress":"..-..-/,
      /"macAddress":"..:..:/,
      /"manufacturer":null/,
      /"osType":""/,
      /"externalIp":""/,
      /"localIp":"fe80::/,
      /📹/u,
      /"riskIndex"/,
    ])
      expect(
        texts.some((text) => pattern.test(text)),
        String(pattern),
      ).toBe(true);
  });

  it('is what the truth says is current, also while it moves fast', async () => {
    const clock = stoppedClock(epochMs + hourMs);
    const console = await openConsole({ ...large, clock, profiles: ['mutation', 'late-records'] });
    for (let moment = 0; moment < 3; moment++) {
      clock.nowMs += 20_000;
      const current = [...console.truth('rogues', 0, clock.nowMs + 1)].filter((line) => line.current);
      const listed = await walk(console, path, { sortBy: 'lastSeen', limit: '1000' });
      expect(listed).toEqual(JSON.parse(JSON.stringify(current.map(({ record }) => record))));
    }
    const lastMinute = [...console.truth('rogues', clock.nowMs - 60_000, clock.nowMs)];
    expect(lastMinute.length).toBeGreaterThan(200);
  });
});
