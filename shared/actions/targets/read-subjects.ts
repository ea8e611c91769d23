import type { JsonObject } from '../../json.ts';
import { textAt } from '../../records/json-fields.ts';
import { malformed } from '../../sentinelone/envelope.ts';
import type { Subject, TargetKind } from '../subject.ts';
import { isConsoleId } from './console-id.ts';
import { groupsOf } from './groups-of.ts';
import { type Console, listRecords } from './list-records.ts';

const paths: Readonly<Record<TargetKind, string>> = {
  agent: '/agents',
  threat: '/threats',
  alert: '/cloud-detection/alerts',
};

/** Without these the console may leave out endpoints that were removed; an action must be able to say that one is. */
export const removedToo = { isDecommissioned: 'True,False', isUninstalled: 'True,False' };

/** Far more than the ids of a group; a console that answers with as many has not heeded them. */
const mostPerGroup = 2_000;

/**
 * What the console has under these ids now, by id; threats and alerts with the endpoint that they were seen on. What is not in the
 * answer is not there, or the token may not see it. The calls are one per 100 ids, and for threats and alerts as many again.
 * @throws ConnectorError where the console fails
 */
export async function readSubjects(
  kind: TargetKind,
  ids: Iterable<string>,
  console: Console,
): Promise<ReadonlyMap<string, Subject>> {
  const records = await recordsById(kind, ids, console);
  if (kind === 'agent') {
    return new Map([...records].map(([id, record]) => [id, { kind, id, record, agent: record }]));
  }
  const agentIds = new Map([...records].map(([id, record]) => [id, agentIdOf(kind, record)]));
  const agents = await recordsById(
    'agent',
    [...agentIds.values()].filter((id) => id !== undefined),
    console,
  );
  return new Map(
    [...records].map(([id, record]) => {
      const agent = agents.get(agentIds.get(id) ?? '');
      return [id, { kind, id, record, ...(agent === undefined ? {} : { agent }) }];
    }),
  );
}

/** The id of a record of this kind; undefined for one that has none. */
function idOf(kind: TargetKind, record: JsonObject): string | undefined {
  if (kind === 'alert') return textAt(record, 'alertInfo', 'alertId');
  return textAt(record, 'id') ?? (kind === 'threat' ? textAt(record, 'threatInfo', 'threatId') : undefined);
}

/** Alerts and threats have different names for it. */
function agentIdOf(kind: 'threat' | 'alert', record: JsonObject): string | undefined {
  return textAt(record, 'agentRealtimeInfo', kind === 'alert' ? 'id' : 'agentId');
}

async function recordsById(
  kind: TargetKind,
  ids: Iterable<string>,
  console: Console,
): Promise<ReadonlyMap<string, JsonObject>> {
  const path = paths[kind];
  const found = new Map<string, JsonObject>();
  for (const group of groupsOf([...ids].filter(isConsoleId))) {
    const filters = { ids: group.join(','), ...(kind === 'agent' ? removedToo : {}) };
    const records = await listRecords(path, filters, console, mostPerGroup);
    if (records === undefined) {
      throw malformed(
        `GET ${path}`,
        `it holds more than ${mostPerGroup} records where ${group.length} ids were named`,
      );
    }
    const wanted = new Set(group);
    for (const record of records) {
      const id = idOf(kind, record);
      if (id !== undefined && wanted.has(id)) found.set(id, record);
    }
  }
  return found;
}
