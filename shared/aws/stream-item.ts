import { newStream, type StreamStart } from '../engine/new-stream.ts';
import { dueShard } from '../engine/schedule.ts';
import {
  noCounters,
  type Span,
  type Stream,
  type StreamId,
  type StreamSettings,
  type Window,
} from '../engine/stream.ts';

/** Raised when an older version could misread the item. 2: `ahead`, without which time is read again that is in the lake. */
export const itemVersion = 2;

/** A row of the state table as the document client gives it. */
export type Item = Record<string, unknown>;

/** A connector and its streams share a partition, so that one query shows all of a connector. */
export function connectorPartition(tenant: string, connector: string): string {
  return `CONNECTOR#${tenant}/${connector}`;
}

const streamPrefix = 'STREAM#';

/** Streams that read the past: apart from the others, so that whoever lists those does not meet them. */
const partPrefix = 'PART#';

export function streamKey({ tenant, connector, contentType, part }: StreamId): { pk: string; sk: string } {
  const pk = connectorPartition(tenant, connector);
  return part === undefined
    ? { pk, sk: `${streamPrefix}${contentType}` }
    : { pk, sk: `${partPrefix}${contentType}#${part}` };
}

/** The inverse of `streamKey`; undefined for other items. Used on the due index, which holds keys only. */
export function streamIdFromKey(pk: unknown, sk: unknown): StreamId | undefined {
  if (typeof pk !== 'string' || typeof sk !== 'string') return undefined;
  const [tenant, connector] = pk.slice('CONNECTOR#'.length).split('/');
  if (tenant === undefined || connector === undefined) return undefined;
  if (sk.startsWith(streamPrefix)) return { tenant, connector, contentType: sk.slice(streamPrefix.length) };
  if (!sk.startsWith(partPrefix)) return undefined;
  const [contentType, part] = sk.slice(partPrefix.length).split('#');
  return contentType === undefined || part === undefined
    ? undefined
    : { tenant, connector, contentType, part };
}

/** The attributes of a stream that has never run. */
export function newStreamItem(id: StreamId, start: StreamStart & { readonly dueShards: number }): Item {
  const { id: _, ...stream } = newStream(id, start);
  return { v: itemVersion, ...stream, dueShard: dueShard(id, start.dueShards) };
}

/** The item is not what a stream's item must be. The message names the attribute. */
export class MalformedItem extends Error {
  override readonly name = 'MalformedItem';
}

/** @throws MalformedItem when the item is not a stream as we write it: state that is misread is worse than none. */
export function streamFromItem(item: Item): Stream {
  const id = streamIdFromKey(item['pk'], item['sk']);
  if (id === undefined)
    throw new MalformedItem(`Not a stream item: ${String(item['pk'])} ${String(item['sk'])}`);
  return {
    id,
    fence: numberOf(item, 'fence'),
    step: numberOf(item, 'step'),
    leaseUntil: numberOf(item, 'leaseUntil'),
    since: numberOf(item, 'since'),
    // Items of version 1 have not counted them.
    attempts: item['attempts'] === undefined ? 0 : numberOf(item, 'attempts'),
    watermark: numberOf(item, 'watermark'),
    ...(item['ahead'] === undefined ? {} : { ahead: mapOf<Span>(item, 'ahead') }),
    batch: numberOf(item, 'batch'),
    ...(item['window'] === undefined ? {} : { window: mapOf<Window>(item, 'window') }),
    ...(item['position'] === undefined
      ? {}
      : { position: mapOf<NonNullable<Stream['position']>>(item, 'position') }),
    counters: { ...noCounters, ...mapOf<Stream['counters']>(item, 'counters') },
    totals: mapOf<Stream['totals']>(item, 'totals'),
    ...(item['nextDueAt'] === undefined ? {} : { nextDueAt: numberOf(item, 'nextDueAt') }),
    ...(item['pausedAt'] === undefined ? {} : { pausedAt: numberOf(item, 'pausedAt') }),
    status: mapOf<Stream['status']>(item, 'status'),
    settings: mapOf<StreamSettings>(item, 'settings'),
  };
}

function numberOf(item: Item, name: string): number {
  const value = item[name];
  if (typeof value !== 'number')
    throw new MalformedItem(`Stream item ${String(item['pk'])}: ${name} is not a number.`);
  return value;
}

/** Maps are only ever written by this version or an older one, whole; their insides are not checked again. */
function mapOf<T>(item: Item, name: string): T {
  const value = item[name];
  if (typeof value !== 'object' || value === null)
    throw new MalformedItem(`Stream item ${String(item['pk'])}: ${name} is not a map.`);
  return value as T;
}
