import type { JsonObject } from '../../../../shared/json.ts';
import { micros } from '../../world/micro-time.ts';
import type { Bounds } from '../../world/shown.ts';
import type { UnifiedAlerts } from '../../world/unified-alerts.ts';
import { mostEmptyPages } from '../answer-page.ts';
import { type CursorContent, readCursor, writeCursor } from '../cursor.ts';
import type { Call } from '../endpoint.ts';
import { invalidCursor, invalidParameter } from '../vendor-error.ts';
import { type AlertField, alertFields } from './alert-fields.ts';
import { type AlertFilter, rangeOf, readAlertFilter } from './alert-filters.ts';

/** The arguments of `alerts`, as the schema lets them through. */
export interface AlertArguments {
  readonly after?: string | null;
  readonly filters?: readonly AlertFilter[] | null;
  readonly first?: number | null;
  readonly orFilter?: {
    readonly or?: readonly { readonly and?: readonly AlertFilter[] | null }[] | null;
  } | null;
  readonly scope?: {
    readonly scopeIds: readonly string[];
    readonly scopeType?: 'ACCOUNT' | 'SITE' | 'GROUP' | 'GLOBAL' | null;
  } | null;
  readonly sort?: { readonly by: string; readonly order?: 'ASC' | 'DESC' | null } | null;
  readonly viewType?: string | null;
}

/** `AlertConnection` of the schema. */
export interface AlertConnection {
  readonly edges: readonly { readonly cursor: string; readonly node: JsonObject }[];
  readonly pageInfo: {
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
  };
  readonly totalCount: number;
}

type Test = (row: number) => boolean;

const defaultFirst = 10;
/** The strictest known console takes no more. */
const strictestFirst = 100;

/** One page of the alerts that are asked for. Throws 400 in the form of the vendor, which GraphQL answers in its own way. */
export function alertConnection(call: Call, given: AlertArguments): AlertConnection {
  const { world, quirks } = call;
  const alerts = world.unifiedAlerts;
  const fields = alertFields(alerts);
  const first = given.first ?? defaultFirst;
  const most = world.options.unifiedAlertsPerPage ?? strictestFirst;
  if (first < 1 || first > most) throw invalidParameter('first', `Must be a whole number from 1 to ${most}.`);
  const sort = { by: given.sort?.by ?? 'detectedAt', order: given.sort?.order ?? 'ASC' };
  const { after: _, first: __, ...bound } = given;
  const binding = {
    seed: world.options.seed,
    path: '/unifiedalerts/graphql',
    sortBy: sort.by,
    sortOrder: sort.order,
    filters: [['arguments', JSON.stringify(bound)]] as const,
  };
  const isWanted = readTests(call, fields, given);
  const start = startOf(alerts, given.after, binding);
  const rows = rowsOf(call, boundsOf(given), isWanted);
  const found = inOrder(alerts, rows, keyOf(fields, sort.by), sort.order === 'DESC');
  const behind =
    start.position === null ? found : found.slice(firstBehind(found, start, alerts, sort.order === 'DESC'));
  const isBehind = start.position !== null || start.emptyPages > 0;
  const cursorAt = ({ key, row }: Place, emptyPages: number) =>
    writeCursor({ position: { key, id: alerts.id(recordOf(alerts, row)) }, emptyPages }, binding);

  if (quirks.isEmptyPage && start.emptyPages < mostEmptyPages && behind.length > 0) {
    const endCursor = writeCursor({ ...start, emptyPages: start.emptyPages + 1 }, binding);
    return connection([], { endCursor, hasNextPage: true, total: found.length, isBehind });
  }
  const page = behind.slice(0, first);
  const edges = page.map((place) => ({ cursor: cursorAt(place, 0), node: alerts.body(place.row) }));
  const hasNextPage = behind.length > first || (quirks.hasTrailingPage && page.length > 0);
  const end = quirks.end === 'empty' ? '' : null;
  const endCursor = hasNextPage || quirks.end === 'null' ? (edges.at(-1)?.cursor ?? null) : end;
  return connection(edges, { endCursor, hasNextPage, total: found.length, isBehind });
}

function connection(
  edges: AlertConnection['edges'],
  page: {
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly total: number;
    readonly isBehind: boolean;
  },
): AlertConnection {
  const { endCursor, hasNextPage, total, isBehind } = page;
  return {
    edges,
    pageInfo: { endCursor, hasNextPage, hasPreviousPage: isBehind, startCursor: edges[0]?.cursor ?? null },
    totalCount: total,
  };
}

function startOf(
  alerts: UnifiedAlerts,
  after: string | null | undefined,
  binding: Parameters<typeof readCursor>[1],
): CursorContent {
  if (after === null || after === undefined) return { position: null, emptyPages: 0 };
  const content = readCursor(after, binding);
  if (content.position !== null && alerts.find(content.position.id) < 0) throw invalidCursor();
  return content;
}

/** The rows that are shown and pass the test, in no order that anybody asked for. */
function rowsOf({ world, nowMs }: Call, bounds: Bounds, isWanted: Test): readonly number[] {
  const shown = world.shown(world.unifiedAlerts, nowMs);
  const { from, to } = shown.rows(bounds);
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (shown.isShown(row) && isWanted(row)) rows.push(row);
  return rows;
}

/** Rows with other times need not be looked at: an alert is made before it changes, and `updatedAt` is when it did. */
const bounding: ReadonlySet<string> = new Set(['updatedAt', 'createdAt', 'detectedAt']);

function boundsOf({ filters }: AlertArguments): Bounds {
  let bounds = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };
  for (const { fieldId, isNegated, dateTimeRange } of filters ?? []) {
    if (isNegated === true || !bounding.has(fieldId)) continue;
    const { start, end } = rangeOf(dateTimeRange);
    const toUs = fieldId === 'updatedAt' ? (end + 1) * micros.millisecond : Number.POSITIVE_INFINITY;
    bounds = {
      fromUs: Math.max(bounds.fromUs, start * micros.millisecond),
      toUs: Math.min(bounds.toUs, toUs),
    };
  }
  return bounds;
}

/** Everything that the arguments and the token leave over. */
function readTests(
  { world, token }: Call,
  fields: Readonly<Record<string, AlertField>>,
  given: AlertArguments,
): Test {
  const alerts = world.unifiedAlerts;
  const { revisions } = alerts.timeline;
  const tests = (given.filters ?? []).map((filter) => readAlertFilter(fields, filter));
  const groups = (given.orFilter?.or ?? []).map(({ and }) =>
    (and ?? []).map((filter) => readAlertFilter(fields, filter)),
  );
  if (groups.length > 0) tests.push((row) => groups.some((group) => group.every((test) => test(row))));
  if (!asksForInformational(given))
    tests.push((row) => alerts.facts(revisions.record(row)).confidenceLevel !== 'INFORMATIONAL');
  const { viewType = 'ALL', scope } = given;
  if (viewType !== 'ALL' && viewType !== null)
    tests.push((row) => viewOf(alerts.facts(revisions.record(row)).origin.view, viewType));
  if (scope && scope.scopeType !== 'GLOBAL') {
    const of = { ACCOUNT: alerts.accountId, SITE: alerts.siteId, GROUP: alerts.groupId };
    const scopeOf = of[scope.scopeType ?? 'ACCOUNT'];
    tests.push((row) => scope.scopeIds.includes(scopeOf(revisions.record(row)) ?? ''));
  }
  if (token?.siteId !== undefined) tests.push((row) => alerts.siteId(revisions.record(row)) === token.siteId);
  return (row) => tests.every((test) => test(row));
}

/** The alerts of custom rules have a view under two names. */
function viewOf(view: string, wanted: string): boolean {
  return view === (wanted === 'CUSTOM_ALERTS' ? 'STAR' : wanted);
}

/** Informational alerts are hidden from everybody who does not name them. */
function asksForInformational({ filters, orFilter }: AlertArguments): boolean {
  const all = [...(filters ?? []), ...(orFilter?.or ?? []).flatMap(({ and }) => and ?? [])];
  return all.some(
    (filter) => filter.fieldId === 'confidenceLevel' && JSON.stringify(filter).includes('"INFORMATIONAL"'),
  );
}

interface Place {
  readonly key: number | string;
  readonly row: number;
}

/** What has no such value comes first. */
function keyOf(fields: Readonly<Record<string, AlertField>>, by: string): (row: number) => number | string {
  const field = Object.hasOwn(fields, by) ? fields[by] : undefined;
  if (field === undefined) throw invalidParameter('sort', `There is no field ${by}.`);
  const { kind, get } = field;
  return kind === 'text' ? (row) => String(get(row) ?? '') : (row) => Number(get(row) ?? 0);
}

function inOrder(
  alerts: UnifiedAlerts,
  rows: readonly number[],
  keyOfRow: (row: number) => number | string,
  descending: boolean,
): readonly Place[] {
  const direction = descending ? -1 : 1;
  return rows
    .map((row) => ({ key: keyOfRow(row), row }))
    .sort((a, b) => direction * compare(a.key, b.key, recordOf(alerts, a.row) - recordOf(alerts, b.row)));
}

/** How many places are not behind the position. */
function firstBehind(
  found: readonly Place[],
  { position }: CursorContent,
  alerts: UnifiedAlerts,
  descending: boolean,
): number {
  if (position === null) return 0;
  const record = alerts.find(position.id);
  const direction = descending ? -1 : 1;
  const index = found.findIndex(
    ({ key, row }) => direction * compare(key, position.key, recordOf(alerts, row) - record) > 0,
  );
  return index < 0 ? found.length : index;
}

function compare(a: number | string, b: number | string, tie: number): number {
  if (a === b) return tie;
  return a < b ? -1 : 1;
}

function recordOf(alerts: UnifiedAlerts, row: number): number {
  return alerts.timeline.revisions.record(row);
}
