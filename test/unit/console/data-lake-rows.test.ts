import { describe, expect, it } from 'vitest';
import { readPowerQuery, runPowerQuery } from '../../../local/console/server/power-query.ts';
import { edr, log, pq, rowsOf, run } from './data-lake-support.ts';
import { findEvents, settledMs } from './event-support.ts';
import { epochMs, hourMs, openConsole, stoppedClock } from './support.ts';

describe('LOG', () => {
  it('finds what the truth says, at any time, also with late records', async () => {
    for (const profiles of [[], ['late-records', 'mutation']] as const) {
      const clock = stoppedClock();
      const console = await openConsole({ clock, profiles });
      for (const atMs of [epochMs, epochMs + 3 * hourMs]) {
        clock.nowMs = atMs;
        const span = { startTime: new Date(atMs - hourMs).toISOString(), endTime: `${atMs}000000` };
        const rows = await rowsOf(console, clock, { ...log(), ...span });
        const lines = [...console.truth('deep-visibility-sdl', atMs - hourMs, atMs, atMs)];
        expect(rows).toEqual(lines.filter(({ current }) => current).map(({ record }) => record));
        expect(lines.some(({ current }) => !current)).toBe(true);
      }
    }
  });

  it('finds the events of Deep Visibility', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const old = await findEvents(console, clock);
    const rows = await rowsOf(console, clock, log());
    expect(rows.map((row: Record<string, unknown>) => row['event.id'])).toEqual(old.map(({ id }) => id));
  });

  it('takes the begin of its span in and leaves the end out', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const lines = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)];
    const rows = await rowsOf(console, clock, {
      ...log(),
      startTime: lines[3]?.record['timestamp'],
      endTime: lines[9]?.time,
    });
    expect(rows).toEqual(lines.slice(3, 9).map(({ record }) => record));
  });

  it('cuts off after 5,000 rows and says nothing, the newest first unless told otherwise', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, endpointEvents: 7_000 });
    const all = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)].map(
      ({ record }) => record,
    );
    expect(all).toHaveLength(7_000);
    expect(await rowsOf(console, clock, log(edr, { limit: 9_000 }))).toEqual(all.slice(0, 5_000));
    expect(await rowsOf(console, clock, log(edr, { limit: 3, ascending: false }))).toEqual(
      all.slice(-3).reverse(),
    );
  });

  it.each([
    ['i.scheme="edr"', /./],
    [`${edr} event.type = 'IP Connect'`, /^IP Connect$/],
    [`event.type in ('Login', "Logout") and i.scheme = 'edr'`, /^Log(in|out)$/],
    [`event.type = 'IP Connect'`, /^$/],
    [`dataSource.name='SentinelOne'`, /^$/],
    [`dataSource.name='Other' dataSource.category='security'`, /^$/],
  ])('understands %s', async (filter, pattern) => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const all = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)].map(
      ({ record }) => record,
    );
    const rows = await rowsOf(console, clock, log(filter));
    expect(rows).toEqual(all.filter((record) => pattern.test(String(record['event.type']))));
  });

  it('sees the accounts that are named, nothing where none is, and of a bound token its site', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const all = await rowsOf(console, clock, log());
    const [{ 'account.id': account }] = all;
    const own = all.filter((row: Record<string, unknown>) => row['account.id'] === account);
    expect(await rowsOf(console, clock, { ...log(), tenant: false, accountIds: [account] })).toEqual(own);
    expect(await rowsOf(console, clock, { ...log(), tenant: false })).toEqual([]);
    const bound = await rowsOf(console, clock, log(), console.tokens.siteScoped);
    expect(bound).toEqual(
      all.filter((row: Record<string, unknown>) => row['site.id'] === bound[0]['site.id']),
    );
    expect(bound.length).toBeLessThan(all.length);
  });
});

describe('PQ', () => {
  it('answers the columns that are named, sorted and limited, and how many there were', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, endpointEvents: 2_000 });
    const all = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)].map(
      ({ record }) => record,
    );
    const table = await run(
      console,
      clock,
      pq(`${edr} | columns id = event.id, tgt.file.path, timestamp | sort timestamp | limit 1500`),
    );
    expect(table).toEqual({
      columns: [{ name: 'id' }, { name: 'tgt.file.path' }, { name: 'timestamp' }],
      values: all
        .slice(0, 1_500)
        .map((record) => [record['event.id'], record['tgt.file.path'] ?? null, record['timestamp']]),
      matchCount: 2_000,
    });
  });

  it('answers 1,000 rows where nothing is said, with every column that any of them has', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, endpointEvents: 2_000 });
    const { columns, values, matchCount } = await run(console, clock, pq(edr));
    expect([values.length, matchCount]).toEqual([1_000, 2_000]);
    expect(columns).toContainEqual({ name: 'tgt.file.path' });
    expect(new Set(values.map((row: unknown[]) => row.length))).toEqual(new Set([columns.length]));
  });

  it('takes its stages one after the other', () => {
    const rows = (stages: string) =>
      runPowerQuery(readPowerQuery(`x | columns n | ${stages}`), [0, 1, 2, 3], (event) => ({
        n: [30, 4, 100, 5][event],
      })).values.flat();
    expect(rows('limit 2 | sort n')).toEqual([5, 100]);
    expect(rows('sort n | limit 2')).toEqual([4, 5]);
    expect(rows('sort -n')).toEqual([100, 30, 5, 4]);
    expect(rows('sort +timestamp')).toEqual([30, 4, 100, 5]);
  });
});
