import { dataLakeQuery } from '../../../../shared/engine/readings/data-lake-query.ts';
import type { ApiAnswer, ApiRequest } from '../../../../shared/ports.ts';
import { fieldAt } from '../../../../shared/records/json-fields.ts';
import { refusal, troubleInstead } from '../console-trouble.ts';
import { EventsConsole, mostInSecond } from './events.ts';

interface Query {
  readonly matches: readonly {
    readonly timestamp: string;
    readonly values: { id: string; updatedAt: string };
  }[];
  readonly doneAt: number;
  seenAt: number;
}

const lifeMs = 30_000;

/** Events that are found by queries which are forgotten when nobody asks after them for half a minute. */
export class DataLakeQueriesConsole extends EventsConsole {
  private readonly queries = new Map<string, Query>();
  readonly contentTypes = [
    this.contentType(
      dataLakeQuery({ filter: 'all', rowCap: this.options.random.pick([2 * mostInSecond + 1, 1_000]) }),
    ),
  ];

  async request({ method, path, body }: ApiRequest): Promise<ApiAnswer> {
    const { faults, random, now } = this.options;
    if (this.isForbidden) throw refusal('permission_missing', 'permission', 403);
    troubleInstead(faults, random, {});
    if (method === 'POST') return this.launch(body ?? {});
    const id = path.split('/').at(-1) ?? '';
    const query = this.queries.get(id);
    if (query === undefined || now() - query.seenAt > lifeMs) throw refusal('not_found', 'retired', 404);
    if (method === 'DELETE') {
      this.queries.delete(id);
      return { json: {} };
    }
    query.seenAt = now();
    return this.describe(id, query);
  }

  private launch(body: NonNullable<ApiRequest['body']>): ApiAnswer {
    const { random, now } = this.options;
    const msOf = (name: string) => Number(BigInt(String(fieldAt(body, name))) / 1_000_000n);
    const matches = this.events
      .filter(({ updatedAt }) => {
        const time = Date.parse(updatedAt);
        return time >= msOf('startTime') && time < msOf('endTime');
      })
      .toSorted((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt))
      .slice(0, Number(fieldAt(body, 'log', 'limit')))
      .map(({ id, updatedAt }) => ({
        timestamp: `${Date.parse(updatedAt)}000000`,
        values: { id, updatedAt },
      }));
    const query = { matches, doneAt: now() + random.pick([0, 1_500, 5_000]), seenAt: now() };
    const id = String(this.next());
    this.queries.set(id, query);
    return this.describe(id, query);
  }

  private describe(id: string, { matches, doneAt }: Query): ApiAnswer {
    const isDone = this.options.now() >= doneAt;
    const data = isDone ? { matches: matches.map((match) => ({ ...match })) } : null;
    return { json: { id, stepsTotal: 1, stepsCompleted: isDone ? 1 : 0, data }, forwardTag: 'tag' };
  }
}
