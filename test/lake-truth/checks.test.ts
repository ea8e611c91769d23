import { describe, expect, it } from 'vitest';
import { contentType } from '../../shared/content-types/registry.ts';
import { nextSlot } from '../../shared/engine/schedule.ts';
import type { JsonObject } from '../../shared/json.ts';
import { makeRecord } from '../../shared/records/make-record.ts';
import { compareStream } from './compare.ts';
import type { TrueRevision } from './known-revision.ts';

const minuteMs = 60_000;
const since = Date.parse('2026-11-24T08:00:00Z');
const watermark = Date.parse('2026-11-24T12:00:00Z');
const at = (minutes: number) => new Date(since + minutes * minuteMs).toISOString();

/** One record as the product writes it. */
interface Written {
  readonly type: string;
  readonly vendor: JsonObject;
  /** Minutes after `since` at which the window begins in which it was read, and at which it was written. */
  readonly from?: number;
  readonly written?: number;
}

function lineOf({ type, vendor, from = 0, written = from + 5 }: Written) {
  const declared = contentType(type);
  if (declared === undefined) throw new Error(`There is no ${type}.`);
  const window = { from: since + from * minuteMs, to: since + (from + 60) * minuteMs };
  const record = makeRecord(declared, vendor, {
    stream: { tenant: 'demo', connector: 'edr', contentType: type },
    settings: { tenantName: 'd', connectorName: 'e', intervalMs: 1, siteIds: [], accountIds: [] },
    hostUrl: 'https://c',
    window,
    writeTime: since + written * minuteMs,
  });
  const start = new Date(window.from).toISOString();
  const folder = `landing/tenant=demo/index=${declared.index}/msg_class=${declared.msgClass}/dt=${start.slice(0, 10)}/hr=${start.slice(11, 13)}`;
  const name = `edr.${type}-${start.replaceAll(/[-:.]/g, '')}-000000.ndjson.gz`;
  return { key: `${folder}/${name}`, text: JSON.stringify(record) };
}

async function problemsOf(
  type: string,
  truth: readonly TrueRevision[],
  written: readonly Written[],
): Promise<readonly string[]> {
  const lines = written.map(lineOf);
  const below = (prefix: string) => lines.filter(({ key }) => key.startsWith(`${prefix}/`));
  const stream = { tenant: 'demo', connector: 'edr', contentType: type, since, watermark };
  return (await compareStream(below, stream, truth)).problems;
}

describe('a list that is read whole', () => {
  const site = (id: string, name: string): JsonObject => ({ id, name, registrationToken: 'secret' });
  const truth: TrueRevision[] = [
    { id: '1', time: '2025-01-01T00:00:00Z', current: true, record: site('1', 'one') },
    { id: '2', time: '2025-01-01T00:00:00Z', current: false, record: site('2', 'two') },
    { id: '2', time: at(90), current: true, record: site('2', 'zwei') },
    { id: '3', time: at(179.5), current: true, record: site('3', 'three') },
  ];
  const list = (from: number, ...vendors: JsonObject[]): Written[] =>
    vendors.map((vendor) => ({ type: 'sites', vendor, from }));
  const early = list(10, site('1', 'one'), site('2', 'two'));
  const late = list(180, site('1', 'one'), site('2', 'zwei'));

  it.each<[string, readonly Written[], readonly RegExp[]]>([
    ['is right as it was then, and a change of the last minute may be missing', [...early, ...late], []],
    ['may have the newest record already', [...early, ...late, ...list(180, site('3', 'three'))], []],
    ['lacks a record', [...early, ...late.slice(1)], [/^assets: 1 is missing in the list of .*T11:00/]],
    ['has one twice', [...early, ...late, ...late.slice(1)], [/^assets: 2 is 2 times in the list of/]],
    [
      'has an old state',
      [...early, ...list(180, site('1', 'one'), site('2', 'two'))],
      [/2 is older than the list/],
    ],
    ['has what never was', [...early, ...list(10, site('9', 'nine'))], [/9 is there, but the console never/]],
    ['has something else', list(10, site('1', 'eins'), site('2', 'two')), [/1 is not what the console/]],
    ['was never read', [], [/no list is there/]],
  ])('%s', async (_, written, expected) => {
    const problems = await problemsOf('sites', truth, written);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });

  it('shows no secret, and nothing but that in its place', async () => {
    const lines = early.map(lineOf);
    const stream = { tenant: 'demo', connector: 'edr', contentType: 'sites', since, watermark };
    const compared = async (change: (text: string) => string) => {
      const changed = lines.map(({ key, text }) => ({ key, text: change(text) }));
      return (await compareStream(() => changed, stream, truth)).problems;
    };
    expect(lines[0]?.text).toContain('"registrationToken":"(masked)"');
    expect(await compared((text) => text)).toStrictEqual([]);
    for (const shown of ['secret', '', '***'])
      expect((await compared((text) => text.replace('(masked)', shown))).length).toBe(2);
  });
});

describe('two content types of one class', () => {
  const agent = (licenseKey: string): JsonObject => ({ id: '1', updatedAt: at(1), licenseKey });

  it('are told apart by the names of their objects', async () => {
    const truth = [{ id: '1', time: at(1), current: true, record: agent('') }];
    const walked = { type: 'agents', vendor: agent('') };
    const listed = { type: 'agents-snapshot', vendor: agent(''), from: 10 };
    expect(await problemsOf('agents', truth, [walked, listed])).toStrictEqual([]);
    expect(await problemsOf('agents-snapshot', truth, [walked, listed])).toStrictEqual([]);
    expect(await problemsOf('agents', truth, [listed])).toHaveLength(1);
    expect(await problemsOf('agents-snapshot', truth, [walked])).toHaveLength(1);
  });

  it.each(['agents', 'agents-snapshot'])('of %s the licence key is a secret', async (type) => {
    const truth = [{ id: '1', time: at(1), current: true, record: agent('key') }];
    expect(await problemsOf(type, truth, [{ type, vendor: agent('key') }])).toStrictEqual([]);
    expect(await problemsOf(type, truth, [{ type, vendor: agent('') }])).toHaveLength(1);
  });
});

describe('alerts', () => {
  const alert = (id: string, incidentStatus: string, analystVerdict = 'Undefined'): JsonObject => ({
    alertInfo: { alertId: id, reportedAt: at(5), incidentStatus, analystVerdict },
  });
  const state = (id: string, minutes: number, record: JsonObject, current = false): TrueRevision => ({
    id,
    time: at(minutes),
    current,
    record,
  });
  const read = (vendor: JsonObject): Written => ({ type: 'alerts', vendor });
  const again = (from: number, vendor: JsonObject): Written => ({ type: 'alert-changes', vendor, from });

  it('are there once, in any of their states', async () => {
    const truth = [
      state('1', 5, alert('1', 'Unresolved')),
      state('1', 5, alert('1', 'In progress'), true),
      state('2', 5, alert('2', 'Unresolved'), true),
    ];
    const second = read(alert('2', 'Unresolved'));
    for (const status of ['Unresolved', 'In progress'])
      expect(await problemsOf('alerts', truth, [read(alert('1', status)), second])).toStrictEqual([]);
    for (const [written, problem] of [
      [[second], /1 of .* is missing/],
      [[second, read(alert('1', 'Unresolved')), read(alert('1', 'In progress'))], /1 of .* is there 2 times/],
      [[second, read(alert('1', 'Resolved'))], /1 of .* is not what the console shows/],
    ] as const)
      expect(await problemsOf('alerts', truth, written)).toStrictEqual([expect.stringMatching(problem)]);
  });

  const open = alert('1', 'Unresolved');
  const judged = alert('1', 'Unresolved', 'Suspicious');
  const closed = alert('1', 'Resolved', 'Suspicious');
  const reopened = alert('1', 'In progress', 'Suspicious');
  const slot = nextSlot(
    { tenant: 'demo', connector: 'edr', contentType: 'alert-changes' },
    15 * minuteMs,
    watermark - 1 - 15 * minuteMs,
  );
  const lastRound = (slot - since) / minuteMs;

  it.each<[string, readonly number[], readonly Written[], readonly RegExp[]]>([
    ['that do not change are not there again', [], [read(open)], []],
    ['that change are there again', [60], [read(open), again(70, judged)], []],
    ['that change are missed', [60], [read(open)], [/1 of .*T09:00.* is missing/]],
    ['may change after the last round', [lastRound + 0.1], [read(open)], []],
    ['may be read too late for it', [60], [{ ...read(open), written: lastRound - 0.5 }], []],
    ['may skip a state', [60, 70], [read(open), again(80, closed)], []],
    ['that are closed are not followed', [60, 70, 80], [read(open), again(75, closed)], []],
    [
      'that are closed are followed',
      [60, 70, 80],
      [read(open), again(75, closed), again(90, reopened)],
      [/closed/],
    ],
    [
      'are there again without a change',
      [60],
      [read(open), again(70, judged), again(90, judged)],
      [/not changed/],
    ],
    [
      'are there as they were first',
      [60],
      [read(open), again(70, open)],
      [/not in this state any more/, /not changed/, /missing/],
    ],
    [
      'are there in an old state',
      [60, 70],
      [read(open), again(80, judged)],
      [/not in this state any more/, /missing/],
    ],
    ['are there in no state', [60], [read(open), again(70, reopened)], [/not in a state/, /missing/]],
  ])('%s', async (_, changes, written, expected) => {
    const later = [judged, closed, reopened].slice(0, changes.length);
    const truth = [open, ...later].map((record, index) =>
      state('1', [5, ...changes][index] ?? 0, record, index === changes.length),
    );
    const problems = await problemsOf('alert-changes', truth, written);
    expect(problems.map((problem, index) => expected[index]?.test(problem) ?? problem)).toStrictEqual(
      expected.map(() => true),
    );
  });
});

describe('notes', () => {
  const note = (id: string, minutes: number, text = ''): JsonObject => ({
    threatId: '7',
    id,
    text,
    updatedAt: at(minutes),
  });
  const gone = (id: string, minutes: number): JsonObject => ({ threatId: '7', id, deletedAt: at(minutes) });
  const truth: TrueRevision[] = [
    { id: '1', time: at(10), current: false, record: note('1', 10) },
    { id: '1', time: at(20), current: false, closes: true, record: gone('1', 20) },
    { id: '1', time: at(20), current: false, closes: true, record: gone('1', 30) },
    { id: '2', time: at(30), current: true, record: note('2', 30) },
    // Written before the stream began: there if somebody looked, and else not.
    { id: '3', time: at(-60), current: true, record: note('3', -60) },
  ];
  const read = (...vendors: JsonObject[]): Written[] =>
    vendors.map((vendor) => ({ type: 'threat-notes', vendor }));

  it.each<[string, readonly Written[], readonly RegExp[]]>([
    ['that nobody knew need no end', read(note('2', 30)), []],
    ['that are known have one', read(note('1', 10), gone('1', 30), note('2', 30), note('3', -60)), []],
    ['that are known lack one', read(note('1', 10), note('2', 30)), [/7:1 of .* is missing/]],
    ['have two ends', read(note('1', 10), gone('1', 20), gone('1', 30), note('2', 30)), [/is there 2 times/]],
    ['end at another time', read(note('1', 10), gone('1', 25), note('2', 30)), [/is not what the console/]],
    ['end although they are there', read(note('2', 30), gone('2', 30)), [/never showed it/]],
    ['that are there are missing', read(), [/7:2 of .* is missing/]],
  ])('%s', async (_, written, expected) => {
    const problems = await problemsOf('threat-notes', truth, written);
    expect(problems.map((problem, index) => expected[index]?.test(problem) ?? problem)).toStrictEqual(
      expected.map(() => true),
    );
  });
});
