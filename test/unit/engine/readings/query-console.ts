import { parseMicros } from '../../../../local/console/world/micro-time.ts';
import { ConnectorError, type ConnectorErrorDetails } from '../../../../shared/errors.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import type {
  ApiAnswer,
  ApiRequest,
  Clock,
  ListPage,
  ListParams,
  SentinelOneApi,
} from '../../../../shared/ports.ts';
import { budgetTakenError } from '../../../../shared/sentinelone/pacing-errors.ts';

/** What a query is asked, in the order in which the console was asked it. */
export interface QueryCall {
  readonly kind: 'start' | 'status' | 'results';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly body: JsonObject;
  readonly params: ListParams;
}

interface Query {
  readonly rows: readonly JsonObject[];
  readonly startedAt: number;
}

/** An event; the time has six digits. */
export function event(id: string, createdAt?: string): JsonObject {
  return createdAt === undefined ? { id } : { id, createdAt };
}

/**
 * A console with queries that are started, over events in memory. Which events a query finds is settled when it is started:
 * those after `fromDate` up to and including `toDate`, of which it gives no more than its cap.
 */
export class QueryConsole implements SentinelOneApi {
  events: readonly JsonObject[] = [];
  cap = 20_000;
  /** Rows of a page, where the request allows as many. */
  pageRows = 1_000;
  durationMs = 4_000;
  /** The least time between two starts, answered or refused; what comes earlier is not sent, as our own pacing has it. */
  paceMs = 0;
  resultMs = 15 * 60_000;
  /** What a query says of itself, by its number from 0, after so many milliseconds. */
  stateOf: (query: number, elapsedMs: number) => string | null = (_, elapsedMs) =>
    elapsedMs < this.durationMs ? 'RUNNING' : 'FINISHED';
  /** May throw, change an answer, or answer in the console's place. */
  before: (call: QueryCall, index: number) => Json | undefined = () => undefined;
  /** Changes the rows of a page and its total. */
  page: (page: ListPage, call: QueryCall) => ListPage = (page) => page;
  readonly calls: QueryCall[] = [];
  private readonly queries: Query[] = [];
  private readonly clock: Clock;
  private startedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** When queries were started. */
  get starts(): readonly number[] {
    return this.calls.filter(({ kind }) => kind === 'start').map(({ at }) => at);
  }

  of(kind: QueryCall['kind']): readonly QueryCall[] {
    return this.calls.filter((call) => call.kind === kind);
  }

  async request({ method, path, params = {}, body = {} }: ApiRequest): Promise<ApiAnswer> {
    if (method === 'POST' && path === '/start') return { json: this.start(body) };
    if (method === 'GET' && path === '/status') return { json: this.status(params) };
    throw new Error(`Nobody asks for ${method} ${path}.`);
  }

  private start(body: JsonObject): Json {
    const freeAt = this.startedAt + this.paceMs;
    if (this.clock.now() < freeAt) throw budgetTakenError('/start', freeAt, this.clock.now());
    this.startedAt = this.clock.now();
    const instead = this.note({ kind: 'start', body, params: {} });
    if (instead !== undefined) return instead;
    const from = parseMicros(String(body['fromDate'])) ?? Number.NaN;
    const to = parseMicros(String(body['toDate'])) ?? Number.NaN;
    // One without a time is found with the one before it.
    let time = 0;
    const found = this.events.filter(({ createdAt }) => {
      time = parseMicros(String(createdAt)) ?? time;
      return time > from && time <= to;
    });
    this.queries.push({ rows: found.slice(0, this.cap), startedAt: this.clock.now() });
    return { data: { queryId: `q${this.queries.length - 1}` } };
  }

  private status(params: ListParams): Json {
    const instead = this.note({ kind: 'status', body: {}, params });
    if (instead !== undefined) return instead;
    const { number, query } = this.query(params);
    const responseState = this.stateOf(number, this.clock.now() - query.startedAt);
    return { data: { responseState, progressStatus: 50 } };
  }

  async list(path: string, params: ListParams): Promise<ListPage> {
    if (path !== '/results') throw new Error(`Nobody lists ${path}.`);
    this.note({ kind: 'results', body: {}, params });
    const { query, number } = this.query(params);
    if (this.stateOf(number, this.clock.now() - query.startedAt) !== 'FINISHED')
      throw new Error('The results are asked for before they are there.');
    if (this.clock.now() - query.startedAt > this.resultMs) throw gone();
    const [, offset = '0'] = params['cursor']?.split(':') ?? [];
    const from = Number(offset);
    const to = from + Math.min(this.pageRows, Number(params['limit']));
    const page = {
      data: query.rows.slice(from, to),
      totalItems: query.rows.length,
      ...(to < query.rows.length ? { nextCursor: `${params['queryId']}:${to}` } : {}),
    };
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('The call is not noted.');
    return this.page(page, call);
  }

  private note(call: Omit<QueryCall, 'at'>): Json | undefined {
    const noted = { ...call, at: this.clock.now() };
    return this.before(noted, this.calls.push(noted) - 1);
  }

  private query({ queryId = '' }: ListParams): { readonly number: number; readonly query: Query } {
    const number = Number(queryId.slice(1));
    const query = this.queries[number];
    if (query === undefined) throw gone();
    return { number, query };
  }
}

/** The console knows no such query. */
export function gone(): ConnectorError {
  return failure({ code: 'not_found', health: 'retired', httpStatus: 404 });
}

export function failure(
  details: Pick<ConnectorErrorDetails, 'code' | 'health'> & Partial<ConnectorErrorDetails>,
): ConnectorError {
  return new ConnectorError({
    message: `The console failed: ${details.code}.`,
    retryable: false,
    recommendation: 'None.',
    ...details,
  });
}
