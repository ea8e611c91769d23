import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { contentType } from '../content-types/registry.ts';
import { entryKey } from '../engine/entry-key.ts';
import type { StreamId } from '../engine/stream.ts';
import type { RecentRecords, RecentRecordsReader } from '../filters/recent-records.ts';
import { isObject, type JsonObject } from '../json.ts';
import { parseLossless } from '../sentinelone/lossless-json.ts';
import { gunzipLines } from './gzip-body.ts';

export interface S3RecentRecordsOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Objects read at most. */
  readonly mostObjects?: number;
  /** Text read at most, in UTF-16 units of its lines. */
  readonly mostLength?: number;
}

const hourMs = 3_600_000;
const usualObjects = 8;
/** Parsed it takes several times as much, and the heap of the function is 256 MB. */
const usualLength = 12_000_000;

/** The newest entries of streams on S3. */
export function createS3RecentRecords({
  client,
  bucket,
  mostObjects = usualObjects,
  mostLength = usualLength,
}: S3RecentRecordsOptions): RecentRecordsReader {
  /** Of one hour, in the order of their names, which is that of their windows. */
  async function keysOf(stream: StreamId, hour: number): Promise<readonly string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefixOf(stream, hour),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      for (const { Key: key } of page.Contents ?? []) if (key !== undefined) keys.push(key);
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  async function linesOf(key: string): Promise<readonly string[]> {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (body === undefined) throw new Error(`S3 returned ${key} without a body.`);
    return await gunzipLines(await body.transformToByteArray());
  }

  return {
    async read(stream, now): Promise<RecentRecords> {
      const hours = [now - hourMs, now];
      const keys = (await Promise.all(hours.map((hour) => keysOf(stream, hour)))).flat();
      const records: JsonObject[] = [];
      let left = mostLength;
      for (const key of keys.toReversed().slice(0, mostObjects)) {
        for (const line of await linesOf(key)) {
          left -= line.length;
          if (left < 0) return { records, isPart: true };
          const record = parseLossless(line);
          if (isObject(record)) records.push(record);
        }
      }
      return { records, isPart: keys.length > mostObjects };
    },
  };
}

/** What the keys of a stream's entries of an hour begin with. Throws a plain Error for an unknown content type. */
function prefixOf(stream: StreamId, time: number): string {
  const declared = contentType(stream.contentType);
  if (declared === undefined) throw new Error(`There is no content type ${stream.contentType}.`);
  const from = Math.floor(time / hourMs) * hourMs;
  const { index, msgClass } = declared;
  const first = entryKey({ stream, index, msgClass, window: { from, to: from + hourMs }, batch: 0 });
  // With the hour, or `agents` would have what is of `agents-snapshot`.
  const hour = new Date(from).toISOString().slice(0, 13).replaceAll('-', '');
  return `${first.slice(0, first.lastIndexOf('/') + 1)}${stream.connector}.${stream.contentType}-${hour}`;
}
