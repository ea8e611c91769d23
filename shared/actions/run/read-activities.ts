import { ConnectorError } from '../../errors.ts';
import { isObject, type Json } from '../../json.ts';
import type { ListParams, SentinelOneApi } from '../../ports.ts';
import { fieldAt, textAt } from '../../records/json-fields.ts';
import { formatConsoleTime, parseConsoleTime } from '../../sentinelone/console-time.ts';
import type { Activity } from '../action-type.ts';
import type { TargetKind } from '../subject.ts';
import { groupsOf } from '../targets/groups-of.ts';

/** Which entries of the activity log are wanted. */
export interface ActivityQuery {
  /** Whose: agents' or threats'. Alerts have none. */
  readonly kind: TargetKind;
  readonly ids: readonly string[];
  readonly types: readonly number[];
  /** Epoch milliseconds, by the console's clock. */
  readonly since: number;
}

/** What was found in the activity log. */
export interface ActivitiesRead {
  /** Oldest first. */
  readonly activities: readonly Activity[];
  /** False where there may be others: the token may not read the log, or it holds more than is read of it. */
  readonly isComplete: boolean;
}

const pageSize = 1_000;
/** A page holds several entries of every target that an action can have; more than these are other people's. */
const mostPages = 5;

/**
 * The entries of the console's activity log about some agents or threats. None where the token may not read the log: the records
 * themselves tell most of what matters, and the log only sooner.
 */
export async function readActivities(
  { kind, ids, types, since }: ActivityQuery,
  { api, signal }: { readonly api: SentinelOneApi; readonly signal: AbortSignal },
): Promise<ActivitiesRead> {
  if (kind === 'alert' || ids.length === 0 || types.length === 0) return { activities: [], isComplete: true };
  const params = {
    ...paramsOf(kind, ids, types),
    createdAt__gte: formatConsoleTime(since),
    sortOrder: 'asc',
  };
  const activities: Activity[] = [];
  let cursor: string | undefined;
  try {
    for (let page = 0; page < mostPages; page++) {
      const answer = await api.list(
        '/activities',
        { ...params, ...(cursor === undefined ? {} : { cursor }) },
        signal,
      );
      activities.push(...answer.data.flatMap(activityOf));
      if (answer.nextCursor === undefined) return { activities, isComplete: true };
      if (answer.nextCursor === cursor) break;
      cursor = answer.nextCursor;
    }
  } catch (error) {
    if (isForbidden(error)) return { activities: [], isComplete: false };
    throw error;
  }
  return { activities, isComplete: false };
}

/**
 * The newest entries about each of some agents or threats, newest first: one page for as many as one call can name.
 * @returns by the agent's or threat's id; undefined where the token may not read the log
 */
export async function readNewestActivities(
  { kind, ids, types }: Omit<ActivityQuery, 'since'>,
  { api, signal }: { readonly api: SentinelOneApi; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, readonly Activity[]> | undefined> {
  const found: Activity[] = [];
  try {
    for (const group of groupsOf(ids)) {
      const params = { ...paramsOf(kind, group, types), sortOrder: 'desc' };
      found.push(...(await api.list('/activities', params, signal)).data.flatMap(activityOf));
    }
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
  const newestFirst = found.toSorted((a, b) => b.createdAt - a.createdAt);
  return new Map(ids.map((id) => [id, newestFirst.filter((activity) => isAbout(activity, kind, id))]));
}

/** Alerts have no entries. */
export function isAbout({ agentId, threatId }: Activity, kind: TargetKind, id: string): boolean {
  return (kind === 'agent' ? agentId : threatId) === id;
}

function paramsOf(kind: TargetKind, ids: readonly string[], types: readonly number[]): ListParams {
  return {
    [kind === 'agent' ? 'agentIds' : 'threatIds']: ids.join(','),
    activityTypes: types.join(','),
    sortBy: 'createdAt',
    limit: String(pageSize),
  };
}

function isForbidden(error: unknown): boolean {
  return error instanceof ConnectorError && error.httpStatus === 403;
}

/** None for what is no entry. */
function activityOf(record: Json): readonly Activity[] {
  const id = textAt(record, 'id');
  const type = fieldAt(record, 'activityType');
  const createdAt = parseConsoleTime(fieldAt(record, 'createdAt'));
  if (!isObject(record) || id === undefined || typeof type !== 'number' || createdAt === undefined) return [];
  const agentId = textAt(record, 'agentId');
  const threatId = textAt(record, 'threatId');
  return [
    {
      id,
      type,
      createdAt,
      ...(agentId === undefined ? {} : { agentId }),
      ...(threatId === undefined ? {} : { threatId }),
      record,
    },
  ];
}
