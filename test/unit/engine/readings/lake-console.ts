import type { Json, JsonObject } from '../../../../shared/json.ts';
import type { ApiAnswer, ApiRequest, Clock, SentinelOneApi } from '../../../../shared/ports.ts';
import { fieldAt } from '../../../../shared/records/json-fields.ts';
import { gone } from './query-console.ts';

interface Query {
  readonly startedAt: number;
  seenAt: number;
  readonly rows: readonly JsonObject[];
}

const lifeMs = 30_000;

/** A row as the data lake answers it: the time so many milliseconds after the epoch. */
export function row(id: string, ms: number): JsonObject {
  return { timestamp: `${ms}000000`, values: { 'event.id': id } };
}

/**
 * A data lake in memory: its queries find the rows from `startTime` up to and without `endTime`, at most as many as the limit,
 * and are gone half a minute after they were asked last, or when they are deleted.
 */
export class LakeConsole implements SentinelOneApi {
  rows: readonly JsonObject[] = [];
  /** How long a query takes. */
  durationOf: (spanMs: number) => number = () => 1_500;
  /** May throw, or answer in the console's place. */
  before: (request: ApiRequest, index: number) => Json | undefined = () => undefined;
  readonly requests: ApiRequest[] = [];
  /** Queries that were started and neither deleted nor forgotten. */
  readonly alive = new Map<string, Query>();
  private readonly clock: Clock;
  private launched = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  of(method: ApiRequest['method']): readonly ApiRequest[] {
    return this.requests.filter((request) => request.method === method);
  }

  list(): never {
    throw new Error('Nobody lists anything here.');
  }

  async request(request: ApiRequest, signal?: AbortSignal): Promise<ApiAnswer> {
    signal?.throwIfAborted();
    const index = this.requests.push(request) - 1;
    const instead = this.before(request, index);
    if (instead !== undefined) return { json: instead, forwardTag: 'tag-0' };
    if (request.method === 'POST') return this.launch(request);
    const [, id = ''] = /^\/queries\/(.+)$/.exec(request.path) ?? [];
    const query = this.alive.get(decodeURIComponent(id));
    if (query === undefined || this.clock.now() - query.seenAt > lifeMs) throw gone();
    if (request.forwardTag !== tagOf(decodeURIComponent(id))) throw gone();
    query.seenAt = this.clock.now();
    if (request.method === 'DELETE') {
      this.alive.delete(decodeURIComponent(id));
      return { json: { status: 'success' } };
    }
    return this.describe(decodeURIComponent(id), query);
  }

  private launch({ body }: ApiRequest): ApiAnswer {
    const msOf = (name: string) => Number(BigInt(String(fieldAt(body, name))) / 1_000_000n);
    const [from, to] = [msOf('startTime'), msOf('endTime')];
    const found = this.rows.filter((found) => {
      const time = Number(BigInt(String(found['timestamp'])) / 1_000_000n);
      return time >= from && time < to;
    });
    const id = `${this.launched++}==`;
    const query = {
      startedAt: this.clock.now(),
      seenAt: this.clock.now(),
      rows: found.slice(0, Number(fieldAt(body, 'log', 'limit'))),
      durationMs: this.durationOf(to - from),
    };
    this.alive.set(id, query);
    return this.describe(id, query);
  }

  private describe(id: string, query: Query & { readonly durationMs?: number }): ApiAnswer {
    const isDone = this.clock.now() - query.startedAt >= (query.durationMs ?? 0);
    return {
      forwardTag: tagOf(id),
      json: {
        id,
        stepsTotal: isDone ? 4 : 0,
        stepsCompleted: isDone ? 4 : 0,
        data: isDone ? { matches: [...query.rows] } : null,
      },
    };
  }
}

function tagOf(id: string): string {
  return `tag-${id.replace('==', '')}`;
}
