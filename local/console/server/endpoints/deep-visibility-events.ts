import { jsonAnswer } from '../answer.ts';
import { endOfList, mostEmptyPages } from '../answer-page.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { Call } from '../endpoint.ts';
import { type PageRequest, readPage } from '../list-endpoint.ts';
import { refuseUnknown } from '../query.ts';
import { notFound } from '../vendor-error.ts';
import { deepVisibilityEndpoint, queryOf } from './deep-visibility.ts';

const known = new Set(['queryId', 'limit', 'cursor', 'skip', 'sortBy', 'sortOrder', 'subQuery']);
const mostSkipped = 100_000;

/** `stored` is the order of the events' times, in which they are already. */
type SortKey = 'stored' | 'pid' | 'startedUs';
const sortKeys: Readonly<Record<string, SortKey>> = {
  createdAt: 'stored',
  pid: 'pid',
  processStartTime: 'startedUs',
};

/** The results of a query, page by page; none before they can be read, and 404 when they have expired. */
export const dvEvents = deepVisibilityEndpoint('GET', '/dv/events', (call) => {
  refuseUnknown(call.query, known);
  const { world, quirks, nowMs } = call;
  const query = queryOf(call, call.query.get('queryId'));
  const page = readPage(call.query, sortKeys, mostSkipped);
  const binding = {
    seed: world.options.seed,
    path: '/dv/events',
    sortBy: page.sortBy,
    sortOrder: page.descending ? 'desc' : 'asc',
    filters: [['queryId', query.id]] as const,
  };
  const cursor = page.cursor === undefined ? undefined : readCursor(page.cursor, binding);
  const state = query.state(nowMs);
  if (state === 'QUERY_EXPIRED') throw notFound();
  const isReadable = state === 'EVENTS_RUNNING' || state === 'FINISHED';
  const events = isReadable ? inOrder(call, query.events, page) : [];
  const totalItems = events.length;
  const start = cursor === undefined ? page.skip : Number(cursor.position?.key ?? 0);
  const cursorAt = (key: number, emptyPages: number) =>
    writeCursor({ position: { key, id: query.id }, emptyPages }, binding);

  const emptyPages = cursor?.emptyPages ?? 0;
  if (quirks.isEmptyPage && emptyPages < mostEmptyPages) {
    const nextCursor = cursorAt(start, emptyPages + 1);
    return jsonAnswer({ data: quirks.isNullData ? null : [], pagination: { nextCursor, totalItems } });
  }
  const end = Math.min(totalItems, start + page.limit);
  const answered = events.slice(start, end);
  const hasMore = end < totalItems || (quirks.hasTrailingPage && answered.length > 0);
  const next = hasMore ? { nextCursor: cursorAt(end, 0) } : endOfList(quirks.end);
  const data = answered.map((event) => world.endpointEvents.deepVisibilityRecord(event, query.isVerbose));
  return jsonAnswer({
    data: data.length === 0 && quirks.isNullData ? null : data,
    pagination: { ...next, totalItems },
  });
});

/** Equal ones stay in the order of their times. */
function inOrder(
  { world }: Call,
  events: readonly number[],
  { sort, descending }: PageRequest<SortKey>,
): readonly number[] {
  const sorted = sort === 'stored' ? events : [...events].sort((a, b) => keyOf(a) - keyOf(b));
  return descending ? [...sorted].reverse() : sorted;

  function keyOf(event: number): number {
    return sort === 'stored' ? event : world.endpointEvents.process(event)[sort];
  }
}
