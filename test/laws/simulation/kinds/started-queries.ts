import { startedQuery } from '../../../../shared/engine/readings/started-query.ts';
import { isObject, type Json, type JsonObject } from '../../../../shared/json.ts';
import type { ApiAnswer, ApiRequest, ListPage, ListParams } from '../../../../shared/ports.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { budgetTakenError } from '../../../../shared/sentinelone/pacing-errors.ts';
import { refusal, troubleInstead } from '../console-trouble.ts';
import { answerList, type Listed } from '../sim-list.ts';
import { EventsConsole, mostInSecond } from './events.ts';

interface Query {
  /** As it was when it was started. */
  readonly found: readonly Listed[];
  readonly startedAt: number;
  readonly durationMs: number;
  readonly isFailing: boolean;
}

const paceMs = 75_000;

/** Events that are found by queries which are started, and of which one may be started a minute. */
export class StartedQueriesConsole extends EventsConsole {
  private readonly rowCap = this.options.random.pick([2 * mostInSecond + 1, 1_000]);
  private readonly resultMs = this.options.random.pick([60_000, 900_000]);
  private readonly queries: Query[] = [];
  private startedAt = Number.NEGATIVE_INFINITY;
  readonly contentTypes = [
    this.contentType(
      startedQuery({
        startPath: '/start',
        statusPath: '/status',
        resultsPath: '/results',
        pageSize: this.options.pageSize,
        rowCap: this.rowCap,
        defaultQuery: 'all',
        sortBy: 'updatedAt',
        timeOf: (row: Json) => parseConsoleTime(isObject(row) ? row['updatedAt'] : undefined),
      }),
    ),
  ];

  async request({ method, path, body = {}, params = {} }: ApiRequest): Promise<ApiAnswer> {
    const { faults, random, now } = this.options;
    if (this.isForbidden) throw refusal('permission_missing', 'permission', 403);
    if (method === 'POST') {
      const freeAt = this.startedAt + paceMs;
      if (now() < freeAt) throw budgetTakenError(path, freeAt, now());
      this.startedAt = now();
    }
    troubleInstead(faults, random, {});
    if (method === 'POST') return { json: this.start(body) };
    const { startedAt, durationMs, isFailing } = this.query(params);
    const responseState = now() - startedAt < durationMs ? 'RUNNING' : isFailing ? 'FAILED' : 'FINISHED';
    return { json: { data: { responseState } } };
  }

  private start({ fromDate, toDate, limit }: JsonObject): Json {
    const { faults, random, now } = this.options;
    const after = parseConsoleTime(fromDate) ?? Number.NaN;
    const to = parseConsoleTime(toDate) ?? Number.NaN;
    const found = this.events
      .filter(({ updatedAt }) => Date.parse(updatedAt) > after && Date.parse(updatedAt) <= to)
      .toSorted((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt))
      .slice(0, Math.min(Number(limit), this.rowCap));
    this.queries.push({
      found,
      startedAt: now(),
      durationMs: 1_000 + random.below(8_000),
      isFailing: faults.strikes('refuseCursor'),
    });
    return { data: { queryId: `q${this.queries.length - 1}` } };
  }

  protected override answer(_?: string, params: ListParams = {}): ListPage {
    const { startedAt, found } = this.query(params);
    if (this.options.now() - startedAt > this.resultMs) throw refusal('not_found', 'retired', 404);
    return answerList(found, params);
  }

  private query({ queryId = '' }: ListParams): Query {
    const query = this.queries[Number(queryId.slice(1))];
    if (query === undefined) throw refusal('not_found', 'retired', 404);
    return query;
  }
}
