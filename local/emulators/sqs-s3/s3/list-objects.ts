import { AwsError } from '../../aws-error.ts';
import type { S3Object, S3Store } from '../fauxqs-internals.ts';
import type { S3Call, S3Gap } from '../gaps.ts';
import { xmlDeclaration, xmlElement } from './xml.ts';

interface Page {
  readonly objects: readonly S3Object[];
  readonly prefixes: readonly string[];
  /** The last key or common prefix of the page where more follows. */
  readonly next?: string;
}

const maxPageSize = 1000;

/**
 * ListObjectsV2. fauxqs sorts by the rules of a language and goes on by code units, so that pages leave keys out
 * as soon as the two differ, and it forgets a page's last common prefix.
 */
export function listObjects(store: S3Store): S3Gap {
  return (call) => {
    const isList = call.method === 'GET' && call.key === '';
    if (!isList) return undefined;
    if (call.query['list-type'] !== '2') {
      throw new AwsError('NotImplemented', 'The local S3 lists by ListObjectsV2 only (list-type=2).', 501);
    }
    const objects = store.buckets.get(call.bucket);
    if (objects === undefined)
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist.', 404);
    return { status: 200, body: toXml(call, pageOf([...objects.values()], call.query)) };
  };
}

function pageOf(all: readonly S3Object[], query: S3Call['query']): Page {
  const prefix = query['prefix'] ?? '';
  const delimiter = query['delimiter'] ?? '';
  const after = startOf(query);
  const limit = pageSize(query);
  if (limit === 0) return { objects: [], prefixes: [] };
  const objects: S3Object[] = [];
  const prefixes: string[] = [];
  const sorted = all
    .filter((object) => object.key.startsWith(prefix))
    .sort((a, b) => compareKeys(a.key, b.key));
  let last = '';
  for (const object of sorted) {
    const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const group = cut < 0 ? undefined : object.key.slice(0, cut + delimiter.length);
    const name = group ?? object.key;
    if (after !== '' && compareKeys(name, after) <= 0) continue;
    if (group !== undefined && group === prefixes.at(-1)) continue;
    if (objects.length + prefixes.length >= limit) return { objects, prefixes, next: last };
    if (group === undefined) objects.push(object);
    else prefixes.push(group);
    last = name;
  }
  return { objects, prefixes };
}

function startOf(query: S3Call['query']): string {
  const token = query['continuation-token'];
  return token === undefined ? (query['start-after'] ?? '') : Buffer.from(token, 'base64').toString('utf8');
}

function pageSize(query: S3Call['query']): number {
  const asked = query['max-keys'];
  if (asked === undefined) return maxPageSize;
  if (!/^\d+$/.test(asked)) {
    throw new AwsError('InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647');
  }
  return Math.min(Number(asked), maxPageSize);
}

/** The order of the keys' UTF-8 bytes, which is that of their code points. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above all others but are not the highest code units.
    if (isSurrogate(x) !== isSurrogate(y)) return isSurrogate(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function toXml(call: S3Call, page: Page): string {
  const { query } = call;
  const asUrl = query['encoding-type'] === 'url';
  const name = (key: string) => (asUrl ? encodeURIComponent(key).replaceAll('%2F', '/') : key);
  const optional = (tag: string, value: string | undefined) =>
    value === undefined ? '' : xmlElement(tag, value);
  const token = page.next === undefined ? undefined : Buffer.from(page.next).toString('base64');
  const contents = page.objects.map(
    (object) =>
      `<Contents>${xmlElement('Key', name(object.key))}` +
      xmlElement('LastModified', object.lastModified.toISOString()) +
      xmlElement('ETag', object.etag) +
      `${xmlElement('Size', object.contentLength)}<StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const prefixes = page.prefixes.map(
    (prefix) => `<CommonPrefixes>${xmlElement('Prefix', name(prefix))}</CommonPrefixes>`,
  );
  return [
    `${xmlDeclaration}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`,
    xmlElement('Name', call.bucket),
    xmlElement('Prefix', name(query['prefix'] ?? '')),
    optional('Delimiter', query['delimiter'] === undefined ? undefined : name(query['delimiter'])),
    optional('StartAfter', query['start-after'] === undefined ? undefined : name(query['start-after'])),
    optional('ContinuationToken', query['continuation-token']),
    optional('NextContinuationToken', token),
    optional('EncodingType', asUrl ? 'url' : undefined),
    xmlElement('KeyCount', page.objects.length + page.prefixes.length),
    xmlElement('MaxKeys', pageSize(query)),
    xmlElement('IsTruncated', token !== undefined),
    ...contents,
    ...prefixes,
    '</ListBucketResult>',
  ].join('');
}
