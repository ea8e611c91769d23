import type { ListParams } from '../../ports.ts';
import type { PageRequest, Reading, ReadingContext } from '../reading.ts';
import { nextSlot } from '../schedule.ts';
import type { Span } from '../stream.ts';
import { listWalk } from './list-walk.ts';

/** A list endpoint that has no time to be walked by, or whose whole content is wanted now and then. */
export interface SnapshotDeclaration {
  /** Below /web/api/v2.1, e.g. `/sites`. */
  readonly path: string;
  /** An order that does not change while the list is read, e.g. `id`. */
  readonly sortBy: string;
  /** 1 to 1000. */
  readonly pageSize: number;
  /** Milliseconds from one snapshot to the next. */
  readonly everyMs: number;
  /** Fixed filters of the endpoint. */
  readonly params?: ListParams;
}

/**
 * Reads the whole list once per period: in the window that holds the stream's slot, and in its first one. The slots of the
 * streams are spread over the period. Windows without a slot are empty and cost no request. The list is always the present
 * one, so of several slots that were missed only the last is made up for.
 */
export function snapshot({ everyMs, ...list }: SnapshotDeclaration): Reading {
  const walk = listWalk({ ...list, bounds: () => ({}) });
  return {
    ...walk,
    async readPage({ window, ...request }: PageRequest) {
      const position = request.position;
      if (position === undefined && !hasSlot(window, everyMs, request))
        return { records: [], position: {}, end: true, mayRepeat: false };
      return await walk.readPage({ ...request, position, span: window });
    },
    isEmpty: async ({ span, ...context }) => !hasSlot(span, everyMs, context),
  };
}

/**
 * True when the stream's newest slot lies in the span. A clock that is behind for a moment hides none: the span's own end is
 * never later than the present for whoever asks.
 */
export function hasSlot(span: Span, everyMs: number, { stream, since, now }: ReadingContext): boolean {
  const grid = nextSlot(stream, everyMs, Math.max(now(), span.to) - everyMs);
  const newest = grid >= since ? grid : since;
  return newest >= span.from && newest < span.to;
}
