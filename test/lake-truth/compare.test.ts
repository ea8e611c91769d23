import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentType } from '../../shared/content-types/registry.ts';
import { isObject, type JsonObject } from '../../shared/json.ts';
import { deriveRecord } from '../../shared/records/derive-record.ts';
import { makeRecord } from '../../shared/records/make-record.ts';
import { parseLossless } from '../../shared/sentinelone/lossless-json.ts';
import { compareStream } from './compare.ts';
import type { TrueRevision } from './known-revision.ts';
import { lakeOnDisk } from './read-lake.ts';

const stream = {
  tenant: 'demo',
  connector: 'simulator',
  contentType: 'threats',
  since: Date.parse('2026-11-24T08:00:00Z'),
  watermark: Date.parse('2026-11-24T09:00:00Z'),
};
const folder = 'landing/tenant=demo/index=INDEX/msg_class=sentinelone_threat_detection/dt=2026-11-24/hr=08';
let lakeDir: string;

const revision = (id: string, updatedAt: string, current = true): TrueRevision => {
  const record = parseLossless(
    `{"id":"${id}","threatInfo":{"threatId":"${id}","updatedAt":"${updatedAt}","big":1392053568582758390,"name":"ü😀"},"list":[1,{"a":null}]}`,
  );
  if (!isObject(record)) throw new Error('no object');
  return { id, time: updatedAt, current, record };
};
const truth = [
  revision('1', '2026-11-24T08:00:00.000001Z'),
  revision('2', '2026-11-24T08:10:00.000000Z', false),
  revision('2', '2026-11-24T08:20:00.000000Z'),
  revision('3', '2026-11-24T08:30:00.000000Z', false),
];

/** Writes what the product would write for these revisions. */
async function writeLake(revisions: readonly TrueRevision[]): Promise<void> {
  const type = contentType('threats');
  if (type === undefined) throw new Error('no threats');
  const settings = { tenantName: 'd', connectorName: 's', intervalMs: 1, siteIds: [], accountIds: [] };
  const records = revisions.map(({ record }) =>
    makeRecord(type, record, {
      stream,
      settings,
      hostUrl: 'https://c',
      window: { from: 0, to: 1 },
      writeTime: 1,
    }),
  );
  const alerts = records.map((record): JsonObject => deriveRecord(type, record) ?? {});
  for (const [index, lines] of Object.entries({ syslog: records, alerts })) {
    const dir = path.join(lakeDir, folder.replace('INDEX', index));
    await mkdir(dir, { recursive: true });
    await writeFile(
      path.join(dir, 'simulator.threats-20261124T080000000Z-000000.ndjson.gz'),
      gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    );
  }
}

/** Changes one index by hand, as somebody might who wants to know whether the check notices. */
async function edit(index: string, change: (lines: string[]) => string[]): Promise<void> {
  const file = path.join(
    lakeDir,
    folder.replace('INDEX', index),
    'simulator.threats-20261124T080000000Z-000000.ndjson.gz',
  );
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  await writeFile(
    file,
    gzipSync(
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );
}

beforeEach(async () => {
  lakeDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-truth-'));
});
afterEach(() => rm(lakeDir, { recursive: true }));

describe('compareStream', () => {
  it('finds nothing where lake and console agree; a revision that nobody could read any more may be missing', async () => {
    await writeLake(truth.slice(0, 3));
    expect(await compareStream(lakeOnDisk(lakeDir), stream, truth)).toStrictEqual({
      lines: 3,
      ahead: 0,
      required: 2,
      problems: [],
    });
    await writeLake([...truth.slice(0, 1), ...truth.slice(2, 3)]);
    expect((await compareStream(lakeOnDisk(lakeDir), stream, truth)).problems).toStrictEqual([]);
  });

  it.each(['syslog', 'alerts'])(
    'notices in %s every line that is removed, doubled, changed or made up',
    async (index) => {
      const edits: [(lines: string[]) => string[], RegExp][] = [
        [(lines) => lines.slice(1), /1 of .* is missing/],
        [(lines) => [...lines, ...lines.slice(0, 1)], /1 of .* is there 2 times/],
        [
          (lines) => lines.map((line) => line.replaceAll('1392053568582758390', '1392053568582758400')),
          /is not what the console shows/,
        ],
        [
          (lines) => lines.map((line) => line.replaceAll('"name":"ü', '"name":"u')),
          /is not what the console shows/,
        ],
        [
          (lines) => lines.map((line) => line.replaceAll('{"a":null}', '{}')),
          /is not what the console shows/,
        ],
        [(lines) => lines.map((line) => line.replaceAll('"id":"1"', '"id":"9"')), /9 of .* never showed it/],
        [(lines) => lines.map((line) => line.replaceAll('T08:20', 'T08:21')), /never showed it/],
        [(lines) => ['not json', ...lines], /is no JSON object/],
        [
          (lines) => lines.map((line) => line.replace('{', '{"normalization_error":"x",')),
          /could not be normalised/,
        ],
      ];
      for (const [change, expected] of edits) {
        await writeLake(truth.slice(0, 3));
        await edit(index, change);
        const { problems } = await compareStream(lakeOnDisk(lakeDir), stream, truth);
        expect(problems.join('\n')).toMatch(expected);
        for (const problem of problems) expect(problem.startsWith(`${index}: `)).toBe(true);
      }
    },
  );

  it('notices an object in the wrong hour and an empty lake', async () => {
    await writeLake(truth.slice(0, 3));
    const moved = truth.map((revision) => ({
      ...revision,
      time: revision.time.replace('T08', 'T07'),
    }));
    expect((await compareStream(lakeOnDisk(lakeDir), stream, moved)).problems.length).toBeGreaterThan(0);
    expect((await compareStream(lakeOnDisk('/nowhere'), stream, truth)).problems).toStrictEqual([
      'syslog: 1 of 2026-11-24T08:00:00.000001Z is missing',
      'syslog: 2 of 2026-11-24T08:20:00.000000Z is missing',
      'alerts: 1 of 2026-11-24T08:00:00.000001Z is missing',
      'alerts: 2 of 2026-11-24T08:20:00.000000Z is missing',
    ]);
  });

  it('asks for nothing after the watermark, and knows what is there of it', async () => {
    await writeLake(truth.slice(0, 3));
    const watermark = Date.parse('2026-11-24T08:15:00Z');
    const later = revision('4', '2026-11-24T08:40:00.000000Z');
    expect(
      await compareStream(lakeOnDisk(lakeDir), { ...stream, watermark }, [...truth, later]),
    ).toStrictEqual({
      lines: 3,
      ahead: 1,
      required: 1,
      problems: [],
    });
  });

  it('does not look at other connectors and tenants', async () => {
    await writeLake(truth.slice(0, 3));
    const other = { ...stream, connector: 'other' };
    expect(await compareStream(lakeOnDisk(lakeDir), other, [])).toStrictEqual({
      lines: 0,
      ahead: 0,
      required: 0,
      problems: [],
    });
    expect(await compareStream(lakeOnDisk(lakeDir), { ...stream, tenant: 'other' }, [])).toMatchObject({
      lines: 0,
    });
  });
});
