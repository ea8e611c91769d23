import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createS3RecentRecords } from '../../../shared/aws/s3-recent-records.ts';
import { contentType } from '../../../shared/content-types/registry.ts';
import { entryKey } from '../../../shared/engine/entry-key.ts';
import type { StreamId } from '../../../shared/engine/stream.ts';
import { Bucket, put, stack } from '../emulators/s3-fixture.ts';

const now = Date.parse('2026-11-26T09:30:00Z');
const minuteMs = 60_000;
let made = 0;
/** A tenant that no other test knows. */
const newStream = (type: string): StreamId => ({
  tenant: `t${++made}`,
  connector: 'edr',
  contentType: type,
});
const reader = (more: { mostObjects?: number; mostLength?: number } = {}) =>
  createS3RecentRecords({ client: stack.s3, bucket: Bucket, ...more });

/** An entry of a stream's log with a record for each name. */
async function write(stream: StreamId, from: number, names: readonly string[], batch = 0): Promise<void> {
  const declared = contentType(stream.contentType);
  if (declared === undefined) throw new Error(`There is no ${stream.contentType}.`);
  const { index, msgClass } = declared;
  const key = entryKey({ stream, index, msgClass, window: { from, to: from + minuteMs }, batch });
  const lines = names.map((name) => `${JSON.stringify({ name })}\n`).join('');
  await put(key, gzipSync(lines));
}
async function namesOf(stream: StreamId, more = {}) {
  const { records, isPart } = await reader(more).read(stream, now);
  return { names: records.map(({ name }) => name), isPart };
}

it('reads the entries of this hour and the one before, the newest first, and their batches in the same order', async () => {
  const stream = newStream('threats');
  await write(stream, now - 91 * minuteMs, ['too old']);
  await write(stream, now - 90 * minuteMs, ['a', 'b']);
  await write(stream, now - 31 * minuteMs, ['c']);
  await write(stream, now - 30 * minuteMs, ['d']);
  await write(stream, now - 30 * minuteMs, ['e'], 1);
  await write(stream, now - 5 * minuteMs, []);
  expect(await namesOf(stream)).toStrictEqual({ names: ['e', 'd', 'c', 'a', 'b'], isPart: false });
});

it('finds nothing where nothing is', async () => {
  expect(await namesOf(newStream('threats'))).toStrictEqual({ names: [], isPart: false });
});

it('reads nothing of others whose names begin in the same way', async () => {
  const stream = newStream('agents');
  const from = now - 10 * minuteMs;
  await write(stream, from, ['own']);
  await write({ ...stream, contentType: 'agents-snapshot' }, from, ['of the snapshot']);
  await write({ ...stream, connector: 'edr-2' }, from, ['of another connector']);
  await write({ ...stream, tenant: `${stream.tenant}0` }, from, ['of another tenant']);
  await write({ ...stream, part: 'b1' }, from, ['of a job']);
  expect(await namesOf(stream)).toStrictEqual({ names: ['own'], isPart: false });
  expect((await namesOf({ ...stream, contentType: 'agents-snapshot' })).names).toStrictEqual([
    'of the snapshot',
  ]);
});

it('reads no more objects than it may, and says so', async () => {
  const stream = newStream('threats');
  for (let i = 1; i <= 5; i++) await write(stream, now - i * minuteMs, [`m${i}`]);
  expect(await namesOf(stream, { mostObjects: 3 })).toStrictEqual({
    names: ['m1', 'm2', 'm3'],
    isPart: true,
  });
  expect(await namesOf(stream, { mostObjects: 5 })).toMatchObject({ isPart: false });
});

it('reads no more text than fits into memory, and says so, also in the middle of an object', async () => {
  const stream = newStream('threats');
  await write(stream, now - minuteMs, ['x'.repeat(50), 'y'.repeat(50)]);
  await write(stream, now - 2 * minuteMs, ['z']);
  expect(await namesOf(stream, { mostLength: 70 })).toStrictEqual({ names: ['x'.repeat(50)], isPart: true });
  expect((await namesOf(stream, { mostLength: 10 })).names).toStrictEqual([]);
  expect(await namesOf(stream, { mostLength: 1_000 })).toMatchObject({ isPart: false });
});
