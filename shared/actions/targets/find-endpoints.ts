import type { JsonObject } from '../../json.ts';
import { isTrueAt, textAt } from '../../records/json-fields.ts';
import { groupsOf } from './groups-of.ts';
import { type Console, listRecords } from './list-records.ts';
import { removedToo } from './read-subjects.ts';

/**
 * The endpoints that have each name, by the name in lower case, removed ones included; `too_common` where the names that contain it
 * are more than can be looked through.
 */
export type EndpointsByName = ReadonlyMap<string, readonly JsonObject[] | 'too_common'>;

/** Endpoints that are looked through for the names of one call; more of them take longer than a caller waits. */
export const mostCandidates = 5_000;

/**
 * Finds endpoints by their UUIDs, whatever the capitals.
 * @throws ConnectorError where the console fails
 */
export async function endpointsByUuid(uuids: readonly string[], console: Console): Promise<EndpointsByName> {
  const found = new Map<string, readonly JsonObject[] | 'too_common'>();
  for (const group of groupsOf(uuids)) {
    const records = await listRecords(
      '/agents',
      { uuids: group.join(','), ...removedToo },
      console,
      mostCandidates,
    );
    for (const uuid of group) found.set(uuid.toLowerCase(), exact(records, 'uuid', uuid));
  }
  return found;
}

/**
 * Finds endpoints by their host names, whatever the capitals. The console's exact filter takes one name, and says nothing of
 * capitals; the one for parts takes many. So all that contain one of the names are read, and compared here. Where these are too
 * many, as for `LAPTOP` where all are called `LAPTOP-…`, each name is asked for alone.
 * @throws ConnectorError where the console fails
 */
export async function endpointsByHostName(
  names: readonly string[],
  console: Console,
): Promise<EndpointsByName> {
  const found = new Map<string, readonly JsonObject[] | 'too_common'>();
  for (const group of groupsOf(names)) {
    const parts = new Set(group.map(longestPart).filter((part) => part !== ''));
    const records =
      parts.size === 0
        ? []
        : await listRecords(
            '/agents',
            { computerName__contains: [...parts].join(','), ...removedToo },
            console,
            mostCandidates,
          );
    for (const name of group) {
      const own =
        records ??
        (await listRecords('/agents', { computerName: name, ...removedToo }, console, mostCandidates));
      found.set(name.toLowerCase(), exact(own, 'computerName', name));
    }
  }
  return found;
}

/** Commas separate the values of a filter; the longest part between them finds the name, and others that go again. */
function longestPart(name: string): string {
  const parts = name.split(',').map((part) => part.trim());
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function exact(
  records: readonly JsonObject[] | undefined,
  field: 'uuid' | 'computerName',
  name: string,
): readonly JsonObject[] | 'too_common' {
  if (records === undefined) return 'too_common';
  return records.filter((record) => textAt(record, field)?.toLowerCase() === name.toLowerCase());
}

/** True where the console has taken the endpoint out of its care. */
export function isRemoved(agent: JsonObject): boolean {
  return isTrueAt(agent, 'isDecommissioned') || isTrueAt(agent, 'isUninstalled');
}
