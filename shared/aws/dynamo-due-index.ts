import type { DueIndex } from '../ports.ts';
import { createDynamoDueItems, type DynamoDueOptions } from './dynamo-due-items.ts';
import { streamIdFromKey, streamKey } from './stream-item.ts';

export interface DynamoDueIndexOptions extends DynamoDueOptions {
  /** Partitions of the index; the number that the streams were created with. */
  readonly shards: number;
}

/** The streams in the due index. */
export function createDynamoDueIndex({ shards, ...index }: DynamoDueIndexOptions): DueIndex {
  return createDynamoDueItems(index, {
    shards: Array.from({ length: shards }, (_, shard) => `due#${shard}`),
    keyOf: streamKey,
    idFromKey: streamIdFromKey,
  });
}
