import { micros, parseMicros } from '../../world/micro-time.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { capped, type DeepVisibilityQuery } from '../deep-visibility-queries.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { readEventQuery } from '../event-query-text.ts';
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
import { refuseUnknown } from '../query.ts';
import { invalidParameter, notFound } from '../vendor-error.ts';

/** An endpoint below /dv: for tokens that may ask, and until Deep Visibility is retired. */
export function deepVisibilityEndpoint(
  method: 'GET' | 'POST',
  path: string,
  answer: (call: Call) => Answer,
): Endpoint {
  return {
    method,
    path,
    authentication: 'token',
    permission: 'SDL Data.viewEdr',
    answer(call) {
      if (call.nowMs >= (call.world.options.dvSunset ?? Number.POSITIVE_INFINITY))
        throw notFound('Deep Visibility queries were retired');
      return answer(call);
    },
  };
}

/** Throws 400 where no id is given, and 404 for one that is unknown to this token. */
export function queryOf({ queries, token }: Call, id: string | undefined): DeepVisibilityQuery {
  if (id === undefined || id === '') throw invalidParameter('queryId', 'Missing data for required field.');
  const query = queries.deepVisibility.find(id, token?.label ?? '');
  if (query === undefined) throw notFound();
  return query;
}

const none = new Set<string>();
const initFields = new Set([
  'query',
  'fromDate',
  'toDate',
  'accountIds',
  'siteIds',
  'limit',
  'isVerbose',
  'queryType',
  'timeFrame',
]);
const queryTypes = ['events', 'processState'];
const mostRows = 100_000;
const queryModeInfo = { lastActivatedAt: '2022-07-31T08:11:01+00:00', mode: 'scalyr' };

/** Starts a query over the events after `fromDate` up to and including `toDate`. */
export const dvInitQuery = deepVisibilityEndpoint('POST', '/dv/init-query', (call) => {
  refuseUnknown(call.query, none);
  const fields = readJsonBody(call.body);
  refuseUnknownFields(fields, initFields);
  const hasType = readEventQuery(queryText(fields));
  const window = windowOf(fields, call);
  const cap = call.world.options.dvRowCap ?? 20_000;
  const limit = optionalWhole(fields, 'limit', 1, mostRows) ?? mostRows;
  const isVerbose = optionalFlag(fields, 'isVerbose') ?? false;
  const wanted = optionalTexts(fields, 'queryType') ?? [];
  if (wanted.some((type) => !queryTypes.includes(type)))
    throw invalidParameter('queryType', `Must be one of: ${queryTypes.join(', ')}.`);
  const selection = {
    ...window,
    nowMs: call.nowMs,
    tokenSiteId: call.token?.siteId,
    accountIds: scope(fields, 'accountIds'),
    siteIds: scope(fields, 'siteIds'),
    hasType,
  };
  const { id } = call.queries.deepVisibility.launch(
    { tokenLabel: call.token?.label ?? '', isVerbose, nowMs: call.nowMs },
    (number) =>
      capped(call.world.options.seed, number, selectEvents(call.world, selection), Math.min(cap, limit)),
  );
  return jsonAnswer({ data: { queryId: id, queryModeInfo } });
});

export const dvQueryStatus = deepVisibilityEndpoint('GET', '/dv/query-status', (call) => {
  refuseUnknown(call.query, new Set(['queryId']));
  const query = queryOf(call, call.query.get('queryId'));
  const responseState = query.state(call.nowMs);
  const hasFailed = ['FAILED', 'TIMED_OUT', 'ERROR'].includes(responseState);
  return jsonAnswer({
    data: {
      progressStatus: query.progress(call.nowMs),
      queryModeInfo,
      responseError: hasFailed ? 'The query could not be completed.' : null,
      responseState,
      warnings: null,
    },
  });
});

export const dvCancelQuery = deepVisibilityEndpoint('POST', '/dv/cancel-query', (call) => {
  refuseUnknown(call.query, none);
  const fields = readJsonBody(call.body);
  refuseUnknownFields(fields, new Set(['queryId']));
  queryOf(call, requiredText(fields, 'queryId')).cancel(call.nowMs);
  return jsonAnswer({ data: { success: 'True' } });
});

/** An empty text is a query that is wrong, a missing one a field that is missing. */
function queryText(fields: BodyFields): string {
  return fields.get('query') === '' ? '' : requiredText(fields, 'query');
}

/** No id is every one, as everywhere. */
function scope(fields: BodyFields, name: string): readonly string[] | undefined {
  const ids = optionalTexts(fields, name);
  return ids === undefined || ids.length === 0 ? undefined : ids;
}

function windowOf(
  fields: BodyFields,
  { world, nowMs }: Call,
): { readonly fromUs: number; readonly toUs: number } {
  const from = timeOf(fields, 'fromDate');
  const to = timeOf(fields, 'toDate');
  if (to < from) throw invalidParameter('toDate', 'Must not be before fromDate.');
  const days = world.options.dvRetentionDays ?? 14;
  if (from < nowMs * micros.millisecond - days * micros.day)
    throw invalidParameter('fromDate', `The console retains data for ${days} days.`);
  return { fromUs: from + 1, toUs: to + 1 };
}

/** ISO-8601 or epoch milliseconds, as microseconds. */
function timeOf(fields: BodyFields, name: string): number {
  const value = fields.get(name);
  if (typeof value === 'number' && Number.isSafeInteger(value * micros.millisecond))
    return value * micros.millisecond;
  const us = parseMicros(requiredText(fields, name));
  if (us === undefined) throw invalidParameter(name, 'Not a valid datetime.');
  return us;
}
