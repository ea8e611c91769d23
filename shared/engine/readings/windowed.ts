import type { JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { formatConsoleTime } from '../../sentinelone/console-time.ts';
import type { Reading } from '../reading.ts';
import type { Span } from '../stream.ts';
import { listWalk } from './list-walk.ts';

/** A list endpoint that can be walked by time. */
export interface WindowedDeclaration {
  /** Below /web/api/v2.1, e.g. `/threats`. */
  readonly path: string;
  /** The field that the endpoint filters by, e.g. `updatedAt`. */
  readonly timeField: string;
  /** Its name in the endpoint's `sortBy`; the same where absent. */
  readonly sortBy?: string;
  /** That field's value in a record, epoch milliseconds. Absent where the walk is not sorted by it; see `ListDeclaration`. */
  readonly sortKey?: (record: JsonObject) => number | undefined;
  /** 1 to 1000. */
  readonly pageSize: number;
  /** Fixed filters of the endpoint. */
  readonly params?: ListParams;
}

/** Reads a list endpoint in time windows. */
export function windowed({ timeField, sortBy = timeField, ...list }: WindowedDeclaration): Reading {
  const walk = listWalk({ ...list, sortBy, bounds: (span) => timeFilters(timeField, span) });
  return {
    ...walk,
    readsPast: true,
    readPage: ({ window, ...request }) => walk.readPage({ ...request, span: window }),
  };
}

/** The filters for `[from, to)` of a field that the console compares by time. */
export function timeFilters(field: string, { from, to }: Span): ListParams {
  return { [`${field}__gte`]: formatConsoleTime(from), [`${field}__lt`]: formatConsoleTime(to) };
}
