import type { Json } from '../../../shared/json.ts';
import { draws, purpose } from '../world/random.ts';

/** A long-running query. It lives as long as somebody asks for it. */
export interface DataLakeQuery {
  /** Base64 of JSON: it ends in `=` more often than not, so that it must be encoded in a path. */
  readonly id: string;
  /** What later requests must repeat in their header, which leads them to the server that has the query. */
  readonly forwardTag: string;
  /** At launch a query may not know yet how many steps it takes, and says 0. */
  steps(nowMs: number): { readonly completed: number; readonly total: number };
  /** True for one that ends with an error instead of data. */
  readonly fails: boolean;
  /** The rows as of the launch. */
  data(): Json;
  /** Nanoseconds, as digits. */
  readonly range: { readonly start: string; readonly end: string };
}

export interface DataLakeQueries {
  launch(
    start: Pick<DataLakeQuery, 'data' | 'range'> & { readonly tokenLabel: string; readonly nowMs: number },
  ): DataLakeQuery;
  /** The token's query under its tag, which goes on living; undefined where there is none, or none any more. */
  poll(id: string, key: QueryKey, nowMs: number): DataLakeQuery | undefined;
  /** False where there is no such query, or none any more. */
  remove(id: string, key: QueryKey, nowMs: number): boolean;
}

/** What a request must bring along to get at a query. */
export interface QueryKey {
  readonly tokenLabel: string;
  readonly forwardTag: string | undefined;
}

/** A query that nobody asked for so long is gone. */
const lifeMs = 30_000;
/** A query that is pushed out by later ones is gone. */
const mostQueries = 100;
/** The share of an unsteady console's queries that come to nothing. */
const failingShare = 0.2;

interface Kept {
  readonly query: DataLakeQuery;
  readonly tokenLabel: string;
  seenMs: number;
}

/** @param isUnsteady true while queries now and then fail */
export function dataLakeQueries(options: {
  readonly seed: number;
  readonly isUnsteady: () => boolean;
}): DataLakeQueries {
  const queries = new Map<string, Kept>();
  let launched = 0;

  function find(id: string, { tokenLabel, forwardTag }: QueryKey, nowMs: number): Kept | undefined {
    const kept = queries.get(id);
    if (kept !== undefined && nowMs - kept.seenMs > lifeMs) queries.delete(id);
    else if (kept?.tokenLabel === tokenLabel && kept.query.forwardTag === forwardTag) return kept;
    return undefined;
  }

  return {
    launch({ data, range, tokenLabel, nowMs }) {
      const draw = draws(options.seed, purpose.dataLakeQuery, launched++);
      const total = 2 + draw.below(6);
      const stepMs = 300 + draw.below(500);
      const knowsItsSteps = draw.chance(0.5);
      const fails = draw.chance(failingShare) && options.isUnsteady();
      const query: DataLakeQuery = {
        id: Buffer.from(JSON.stringify({ token: draw.hex(24), shard: draw.below(100) })).toString('base64'),
        forwardTag: draw.hex(16),
        fails,
        data,
        range,
        steps(atMs) {
          const completed = Math.min(total, Math.floor((atMs - nowMs) / stepMs));
          return { completed, total: completed > 0 || knowsItsSteps ? total : 0 };
        },
      };
      queries.set(query.id, { query, tokenLabel, seenMs: nowMs });
      const [oldest] = queries.keys();
      if (queries.size > mostQueries && oldest !== undefined) queries.delete(oldest);
      return query;
    },
    poll(id, key, nowMs) {
      const kept = find(id, key, nowMs);
      if (kept !== undefined) kept.seenMs = nowMs;
      return kept?.query;
    },
    remove(id, key, nowMs) {
      return find(id, key, nowMs) !== undefined && queries.delete(id);
    },
  };
}
