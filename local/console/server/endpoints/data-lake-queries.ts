import type { Json, JsonObject } from '../../../../shared/json.ts';
import { nanoseconds } from '../../world/endpoint-event-records.ts';
import { parseMicros } from '../../world/micro-time.ts';
import { rawNumber } from '../../world/raw-number.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { type DataLakeFilter, quotedText, readDataLakeFilter } from '../data-lake-filter.ts';
import type { DataLakeQuery, QueryKey } from '../data-lake-queries.ts';
import { DataLakeRefusal } from '../data-lake-refusal.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { selectEvents } from '../event-selection.ts';
import {
  type BodyFields,
  optionalFlag,
  optionalTexts,
  optionalWhole,
  readJsonBody,
  refuseUnknownFields,
  requiredText,
} from '../json-body.ts';
import { readPowerQuery, runPowerQuery } from '../power-query.ts';
import { integer, refuseUnknown } from '../query.ts';

const none = new Set<string>();
const launchFields = new Set([
  'queryType',
  'tenant',
  'accountIds',
  'startTime',
  'endTime',
  'queryPriority',
  'log',
  'pq',
]);
/** What is beyond is cut off, and nothing in the answer says so. */
const mostMatches = 5_000;
const usualMatches = 1_000;
const tagHeader = 'x-dataset-query-forward-tag';

const shared = { surface: 'sdl', authentication: 'token', permission: 'Skylight Query API.view' } as const;

/** Starts a query over the events from `startTime` up to and without `endTime`. */
export const launchDataLakeQuery: Endpoint = {
  ...shared,
  method: 'POST',
  path: '/queries',
  answer(call) {
    refuseUnknown(call.query, none);
    const fields = readJsonBody(call.body);
    refuseUnknownFields(fields, launchFields);
    const span = { fromUs: timeOf(fields, 'startTime'), toUs: timeOf(fields, 'endTime') };
    if (span.toUs < span.fromUs) throw new DataLakeRefusal(400, 'endTime: must not be before startTime');
    const accountIds = accountsOf(fields);
    const find = ({ isOfEndpoints, hasType }: DataLakeFilter) =>
      !isOfEndpoints || accountIds?.length === 0
        ? []
        : selectEvents(call.world, {
            ...span,
            nowMs: call.nowMs,
            tokenSiteId: call.token?.siteId,
            accountIds,
            siteIds: undefined,
            hasType,
          });
    const record = (event: number) => call.world.endpointEvents.dataLakeRecord(event);
    const query = call.queries.dataLake.launch({
      tokenLabel: call.token?.label ?? '',
      nowMs: call.nowMs,
      data: readQueryType(fields)(find, record),
      range: { start: nanoseconds(span.fromUs), end: nanoseconds(span.toUs) },
    });
    return describe(query, call.nowMs);
  },
};

/** Tells how far a query is, and its rows when it is through. */
export const pollDataLakeQuery: Endpoint = {
  ...shared,
  method: 'GET',
  path: '/queries/{id}',
  answer(call) {
    refuseUnknown(call.query, new Set(['lastStepSeen']));
    integer(call.query, 'lastStepSeen', 0, 1_000_000);
    const query = call.queries.dataLake.poll(idOf(call), keyOf(call), call.nowMs);
    if (query === undefined) throw gone();
    return describe(query, call.nowMs);
  },
};

/** Ends a query, whether it is through or not. */
export const deleteDataLakeQuery: Endpoint = {
  ...shared,
  method: 'DELETE',
  path: '/queries/{id}',
  answer(call) {
    refuseUnknown(call.query, none);
    const key = keyOf(call);
    if (!call.queries.dataLake.remove(idOf(call), key, call.nowMs)) throw gone();
    return tagged(jsonAnswer({ status: 'success' }), key.forwardTag ?? '');
  },
};

function gone(): DataLakeRefusal {
  return new DataLakeRefusal(404, 'no such query, or another forward tag');
}

const idOf = ({ pathParams }: Call) => pathParams.get('id') ?? '';

function keyOf({ token, headers }: Call): QueryKey {
  const tag = headers[tagHeader];
  return { tokenLabel: token?.label ?? '', forwardTag: typeof tag === 'string' ? tag : undefined };
}

function tagged(answer: Answer, forwardTag: string): Answer {
  return { ...answer, headers: { ...answer.headers, 'X-Dataset-Query-Forward-Tag': forwardTag } };
}

function describe(query: DataLakeQuery, nowMs: number): Answer {
  const { completed, total } = query.steps(nowMs);
  const isThrough = total > 0 && completed >= total;
  const hasFailed = isThrough && query.fails;
  return tagged(
    jsonAnswer({
      id: query.id,
      stepsCompleted: completed,
      stepsTotal: total,
      data: isThrough && !hasFailed ? query.data() : null,
      ...(hasFailed ? { error: { message: 'The query could not be completed.' } } : {}),
      cpuUsage: 7 * completed,
      resolvedTimeRange: { start: rawNumber(query.range.start), end: rawNumber(query.range.end) },
    }),
    query.forwardTag,
  );
}

type Find = (filter: DataLakeFilter) => readonly number[];
type RecordOf = (event: number) => JsonObject;

/** What makes the data of the body's kind of query; the events are found at once, the rows when they are asked for. */
function readQueryType(fields: BodyFields): (find: Find, record: RecordOf) => () => Json {
  const queryType = fields.get('queryType');
  if (queryType === 'LOG') return readLog(nested(fields, 'log'));
  if (queryType === 'PQ') return readTable(nested(fields, 'pq'));
  throw new DataLakeRefusal(400, 'queryType: the simulator plays LOG and PQ');
}

/**
 * Events as they are. A row of `matches` is `{timestamp, values}`: the time in nanoseconds as a string, and the fields
 * under their dotted names. There is no second page: no answer has a cursor, so none can be sent.
 */
function readLog(log: BodyFields): (find: Find, record: RecordOf) => () => Json {
  refuseUnknownFields(log, new Set(['filter', 'limit', 'ascending', 'cursor', 'exclusive']));
  if ((log.get('cursor') ?? '') !== '') throw new DataLakeRefusal(400, 'cursor: unknown');
  const quoted = quotedText(requiredText(log, 'filter'));
  const limit = Math.min(mostMatches, optionalWhole(log, 'limit', 1, 1_000_000) ?? usualMatches);
  const ascending = optionalFlag(log, 'ascending') ?? false;
  optionalFlag(log, 'exclusive');
  return (find, record) => {
    const found = find(readDataLakeFilter(quoted, quoted.skeleton));
    const events = ascending ? found.slice(0, limit) : found.slice(-limit).reverse();
    return () => ({
      matches: events.map((event) => {
        const { timestamp, ...values } = record(event);
        return { timestamp, values };
      }),
    });
  };
}

/** A table: `columns` with their names, `values` row by row, and how many events there were in `matchCount`. */
function readTable(pq: BodyFields): (find: Find, record: RecordOf) => () => Json {
  refuseUnknownFields(pq, new Set(['query', 'resultType']));
  if ((pq.get('resultType') ?? 'TABLE') !== 'TABLE')
    throw new DataLakeRefusal(400, 'resultType: the simulator plays TABLE');
  const query = readPowerQuery(requiredText(pq, 'query'));
  return (find, record) => {
    const events = find(query.filter);
    return () => runPowerQuery(query, events, record);
  };
}

function nested(fields: BodyFields, name: string): BodyFields {
  const value = fields.get(name);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DataLakeRefusal(400, `${name}: missing`);
  return new Map(Object.entries(value));
}

/** Undefined for the whole tenant. Naming neither the tenant nor an account is no error: there is nothing in it. */
function accountsOf(fields: BodyFields): readonly string[] | undefined {
  const isTenant = optionalFlag(fields, 'tenant') ?? false;
  const accountIds = optionalTexts(fields, 'accountIds') ?? [];
  if (isTenant && accountIds.length > 0)
    throw new DataLakeRefusal(400, 'accountIds: cannot be used together with tenant');
  return isTenant ? undefined : accountIds;
}

/** ISO-8601, epoch milliseconds as a number, or epoch nanoseconds as a string; as microseconds, rounded up. */
function timeOf(fields: BodyFields, name: string): number {
  const value = fields.get(name);
  if (typeof value === 'number' && Number.isSafeInteger(value * 1_000)) return value * 1_000;
  if (typeof value === 'string' && /^\d{18,19}$/.test(value)) return Number((BigInt(value) + 999n) / 1_000n);
  const us = typeof value === 'string' ? parseMicros(value) : undefined;
  if (us === undefined)
    throw new DataLakeRefusal(
      400,
      `${name}: must be ISO-8601, epoch milliseconds or a string of nanoseconds`,
    );
  return us;
}
