import { type StreamId, streamName } from './stream.ts';

/** FNV-1a, 32 bit: spreads streams evenly and is the same in every process and version. */
function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The stream's next regular slot after `now`, epoch milliseconds. Slots lie on a grid of `intervalMs` that is shifted by
 * a hash of the stream, so that the load is flat and the plan is the same whoever computes it.
 */
export function nextSlot(id: StreamId, intervalMs: number, now: number): number {
  const phase = stableHash(streamName(id)) % intervalMs;
  return Math.floor((now - phase) / intervalMs + 1) * intervalMs + phase;
}

/** The partition of the due index that the stream belongs to, one of `shards`. */
export function dueShard(id: StreamId, shards: number): string {
  return `due#${stableHash(streamName(id)) % shards}`;
}
