import { draws, purpose } from '../world/random.ts';

/** How a query can end, and what it says on its way there. */
export type ResponseState =
  | 'RUNNING'
  | 'PROCESS_RUNNING'
  | 'EVENTS_RUNNING'
  | 'FINISHED'
  | 'FAILED'
  | 'TIMED_OUT'
  | 'ERROR'
  | 'QUERY_CANCELLED'
  | 'QUERY_EXPIRED';

/** A query that was started. Times in epoch milliseconds. */
export interface DeepVisibilityQuery {
  readonly id: string;
  readonly isVerbose: boolean;
  /** The numbers of the events that it has found, oldest first: as it was when it was started. */
  readonly events: readonly number[];
  state(nowMs: number): ResponseState;
  /** Percent. */
  progress(nowMs: number): number;
  /** Does nothing to a query that has come to an end. */
  cancel(nowMs: number): void;
}

export interface DeepVisibilityQueries {
  /** `find` gets a number that no other query has, and tells which events are found. */
  launch(
    start: { readonly tokenLabel: string; readonly isVerbose: boolean; readonly nowMs: number },
    find: (number: number) => readonly number[],
  ): DeepVisibilityQuery;
  /** Undefined for an id that was not given to this token, or long ago. */
  find(id: string, tokenLabel: string): DeepVisibilityQuery | undefined;
}

export interface DeepVisibilityQueriesOptions {
  readonly seed: number;
  /** How long results can be read. */
  readonly resultMs: number;
  /** True while queries now and then fail. */
  readonly isUnsteady: () => boolean;
}

/** A query that is pushed out by later ones is unknown. */
const mostQueries = 200;
const leastDurationMs = 2_000;
const mostExtraDurationMs = 4_000;
/** The share of an unsteady console's queries that come to nothing. */
const failingShare = 0.25;
/** When a query's states begin, as a share of its duration. What fails does so before there is anything to read. */
const processesFrom = 0.2;
const eventsFrom = 0.7;

export function deepVisibilityQueries(options: DeepVisibilityQueriesOptions): DeepVisibilityQueries {
  const queries = new Map<string, { readonly tokenLabel: string; readonly query: DeepVisibilityQuery }>();
  let launched = 0;
  return {
    launch({ tokenLabel, isVerbose, nowMs }, find) {
      const number = launched++;
      const draw = draws(options.seed, purpose.deepVisibilityQuery, number);
      const id = `q${draw.hex(32)}`;
      const durationMs = leastDurationMs + draw.below(mostExtraDurationMs);
      const failing = draw.chance(failingShare)
        ? draw.pick(['FAILED', 'TIMED_OUT', 'ERROR', 'QUERY_CANCELLED'] as const)
        : undefined;
      const failure = options.isUnsteady() ? failing : undefined;
      const query = {
        id,
        isVerbose,
        events: find(number),
        ...course({ startMs: nowMs, durationMs, resultMs: options.resultMs, failure }),
      };
      queries.set(id, { tokenLabel, query });
      const [oldest] = queries.keys();
      if (queries.size > mostQueries && oldest !== undefined) queries.delete(oldest);
      return query;
    },
    find(id, tokenLabel) {
      const found = queries.get(id);
      return found?.tokenLabel === tokenLabel ? found.query : undefined;
    },
  };
}

interface CoursePlan {
  readonly startMs: number;
  readonly durationMs: number;
  readonly resultMs: number;
  readonly failure: ResponseState | undefined;
}

/** What becomes of a query in the course of time. */
function course({
  startMs,
  durationMs,
  resultMs,
  failure,
}: CoursePlan): Pick<DeepVisibilityQuery, 'state' | 'progress' | 'cancel'> {
  let cancelledMs = Number.POSITIVE_INFINITY;

  function state(nowMs: number): ResponseState {
    if (nowMs >= cancelledMs) return 'QUERY_CANCELLED';
    const share = (nowMs - startMs) / durationMs;
    if (share < processesFrom) return 'RUNNING';
    if (share < eventsFrom) return 'PROCESS_RUNNING';
    if (failure !== undefined) return failure;
    if (share < 1) return 'EVENTS_RUNNING';
    return nowMs - startMs - durationMs <= resultMs ? 'FINISHED' : 'QUERY_EXPIRED';
  }

  return {
    state,
    progress(nowMs) {
      const most = failure === undefined ? 1 : eventsFrom;
      const share = Math.min(most, (Math.min(nowMs, cancelledMs) - startMs) / durationMs);
      return Math.floor(100 * share);
    },
    cancel(nowMs) {
      const isRunning = state(nowMs).endsWith('RUNNING');
      if (isRunning) cancelledMs = nowMs;
    },
  };
}

/**
 * No query has more rows than the cap. Which ones of many it has nobody can tell beforehand, and the same query
 * started again has others.
 */
export function capped(
  seed: number,
  number: number,
  events: readonly number[],
  cap: number,
): readonly number[] {
  const { length } = events;
  if (length <= cap) return events;
  const offset = draws(seed, purpose.deepVisibilityQuery, number, 1).below(length);
  return events.filter((_, index) => (index * cap + offset) % length < cap);
}
