import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { PageRequest, Reading } from '../reading.ts';
import { type SnapshotDeclaration, snapshot } from './snapshot.ts';

/** A snapshot of a list, each of whose records is joined with records of other endpoints. */
export interface JoinedDeclaration {
  readonly list: SnapshotDeclaration;
  /** Records of `/agents` and the like that those of a page name by id: one request per page. */
  readonly owners: {
    readonly path: string;
    readonly idOf: (record: JsonObject) => string | undefined;
    readonly params: ListParams;
  };
  /** What is asked for per group of records: the same for all records of the group, so it is asked once. */
  readonly details: {
    /** Undefined where a record has none. */
    readonly groupOf: (record: JsonObject) => string | undefined;
    /** Asks for the details of a group by one of its records. */
    readonly read: (record: JsonObject, request: PageRequest) => Promise<readonly Json[]>;
  };
  /** One record for each detail. */
  readonly join: (record: JsonObject, detail: JsonObject, owner: JsonObject | undefined) => JsonObject;
}

/** Requests for details that are under way together. */
const lanes = 10;
/** Details kept from page to page; the groups that were asked for first are forgotten beyond that, and asked for again. */
const mostCached = 20_000;

/** Reads a list page by page and joins it: the calls grow with the number of groups, and not of records. */
export function joined({ list, owners, details, join }: JoinedDeclaration): Reading {
  const listed = snapshot(list);

  async function readPage(request: PageRequest) {
    const page = await listed.readPage(request);
    const records = page.records.filter(isObject);
    const byGroup = new Map<string, JsonObject>();
    for (const record of records) {
      const group = details.groupOf(record);
      if (group !== undefined && !byGroup.has(group)) byGroup.set(group, record);
    }
    const [ownerOf, detailsOf] = await Promise.all([
      readOwners(records, request),
      readDetails(byGroup, request),
    ]);
    const joinedRecords = records.flatMap((record) =>
      (detailsOf.get(details.groupOf(record) ?? '') ?? [])
        .filter(isObject)
        .map((detail) => join(record, detail, ownerOf.get(owners.idOf(record) ?? ''))),
    );
    const { consoleTotal: _, ...rest } = page;
    return { ...rest, records: joinedRecords, advances: true };
  }

  async function readOwners(
    records: readonly JsonObject[],
    { api, signal }: PageRequest,
  ): Promise<ReadonlyMap<string, JsonObject>> {
    const ids = [...new Set(records.map(owners.idOf).filter((id) => id !== undefined))];
    if (ids.length === 0) return new Map();
    const params = { ...owners.params, ids: ids.join(','), limit: String(ids.length) };
    const { data } = await api.list(owners.path, params, signal);
    return new Map(data.filter(isObject).map((owner) => [textAt(owner, 'id') ?? '', owner]));
  }

  async function readDetails(
    byGroup: ReadonlyMap<string, JsonObject>,
    request: PageRequest,
  ): Promise<ReadonlyMap<string, readonly Json[]>> {
    const { cache } = request;
    const found = new Map<string, readonly Json[]>();
    const open: (readonly [string, JsonObject])[] = [];
    for (const [group, record] of byGroup) {
      const known = cache.get(group);
      if (Array.isArray(known)) found.set(group, known);
      else open.push([group, record]);
    }
    for (let from = 0; from < open.length; from += lanes) {
      const answers = await Promise.all(
        open.slice(from, from + lanes).map(async ([group, record]) => {
          return [group, await details.read(record, request)] as const;
        }),
      );
      for (const [group, answer] of answers) {
        found.set(group, answer);
        cache.set(group, answer);
      }
    }
    forgetOldest(cache);
    return found;
  }

  return { ...listed, readPage };
}

function forgetOldest(cache: Map<string, Json>): void {
  const sizeOf = (value: Json) => (Array.isArray(value) ? 1 + value.length : 1);
  let size = cache.values().reduce((sum: number, value) => sum + sizeOf(value), 0);
  for (const [key, value] of cache) {
    if (size <= mostCached) return;
    cache.delete(key);
    size -= sizeOf(value);
  }
}
