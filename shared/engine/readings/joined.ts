import { isObject, type Json, type JsonObject } from '../../json.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import type { Position } from '../stream.ts';
import { keptPage } from './kept-page.ts';
import { listWalk } from './list-walk.ts';
import { type OwnersDeclaration, readOwners } from './owners.ts';
import { patientApi } from './patient-api.ts';
import { hasSlot, type SnapshotDeclaration } from './snapshot.ts';

/** A snapshot of a list, each of whose records is joined with records of other endpoints. */
export interface JoinedDeclaration {
  /** Its records have an `id`. */
  readonly list: SnapshotDeclaration;
  readonly owners: OwnersDeclaration;
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

/** Records for which details are asked for side by side. */
const lanes = 10;
/** A page that has so many records goes on later with the rest of the list's page: one application may have hundreds of details. */
const enoughRecords = 2_000;
/** Details kept from page to page; the groups that were asked for first are forgotten beyond that, and asked for again. */
const mostCached = 20_000;
/** What the keys of details in the cache begin with. */
const detailsKey = 'details ';

/** Reads a list page by page and joins it: the calls grow with the number of groups, and not of records. */
export function joined({ list, owners, details, join }: JoinedDeclaration): Reading {
  const { everyMs, ...declared } = list;
  const walk = listWalk({ ...declared, bounds: () => ({}) });

  async function readPage(asked: PageRequest): Promise<Page> {
    if (asked.position === undefined && !hasSlot(asked.window, everyMs, asked))
      return { records: [], position: {}, end: true, mayRepeat: false };
    const request = { ...asked, api: patientApi(asked) };
    const position = readPosition(request.position);
    const page = await keptPage(request.cache, position.list, () =>
      walk.readPage({ ...request, span: request.window, position: position.list }),
    );
    const listed = page.records.filter(isObject);
    const place = placeOf(position.behind, listed);
    const { pairs, next } = await readDetails(listed, place + 1, request);
    const known = await readOwners(
      pairs.map(([record]) => record),
      owners,
      request,
    );
    return {
      records: pairs.map(([record, detail]) => join(record, detail, known.of(record))),
      position: writePosition(
        next === undefined
          ? { list: page.position, behind: undefined }
          : { list: position.list, behind: next },
      ),
      end: page.end && next === undefined,
      // The record behind which to go on may be gone; then the list's page is joined from its start.
      mayRepeat: page.mayRepeat || (position.behind !== undefined && place < 0),
      advances: page.records.length > 0,
      ...(known.incomplete === undefined ? {} : { incomplete: known.incomplete }),
    };
  }

  /**
   * Records with one detail each, from a place in the list's page on, until there are enough of them.
   * `next`: the id of the last record of these, where others follow
   */
  async function readDetails(
    listed: readonly JsonObject[],
    from: number,
    request: PageRequest,
  ): Promise<{ readonly pairs: readonly Pair[]; readonly next: string | undefined }> {
    const pairs: Pair[] = [];
    for (let at = from; at < listed.length; at += lanes) {
      const some = listed.slice(at, at + lanes);
      const detailsOf = await detailsFor(some, request);
      for (const record of some) {
        for (const detail of detailsOf.get(details.groupOf(record) ?? '') ?? []) {
          if (isObject(detail)) pairs.push([record, detail]);
        }
      }
      const next = textAt(some.at(-1), 'id');
      if (pairs.length >= enoughRecords && at + lanes < listed.length && next !== undefined)
        return { pairs, next };
    }
    return { pairs, next: undefined };
  }

  async function detailsFor(
    records: readonly JsonObject[],
    request: PageRequest,
  ): Promise<ReadonlyMap<string, readonly Json[]>> {
    const { cache } = request;
    const byGroup = new Map<string, JsonObject>();
    for (const record of records) {
      const group = details.groupOf(record);
      if (group !== undefined && !byGroup.has(group)) byGroup.set(group, record);
    }
    const found = await Promise.all(
      [...byGroup].map(async ([group, record]): Promise<readonly [string, readonly Json[]]> => {
        const key = `${detailsKey}${group}`;
        const known = cache.get(key);
        if (Array.isArray(known)) return [group, known];
        const answer = await details.read(record, request);
        cache.set(key, answer);
        return [group, answer];
      }),
    );
    forgetOldest(cache);
    return new Map(found);
  }

  return {
    readPage,
    isEmpty: async ({ span, ...context }) => !hasSlot(span, everyMs, context),
    resume(stored, window) {
      const position = readPosition(stored).list;
      const again = position === undefined ? undefined : walk.resume(position, window);
      return writePosition({ list: again, behind: undefined });
    },
    smallerPages(stored, window) {
      const smaller = walk.smallerPages(readPosition(stored).list, window);
      return smaller && writePosition({ list: smaller, behind: undefined });
    },
    sortKey: () => undefined,
  };
}

type Pair = readonly [record: JsonObject, detail: JsonObject];

/** Where a join stands. */
interface JoinPosition {
  /** Of the list's walk, before the page that is being joined; undefined at its start. */
  readonly list: Position | undefined;
  /** The id of the last record of that page that is joined; undefined where none is. */
  readonly behind: string | undefined;
}

function readPosition(stored: Position | undefined): JoinPosition {
  const { list } = stored ?? {};
  return { list: isObject(list) ? list : undefined, behind: textAt(stored, 'behind') };
}

function writePosition({ list, behind }: JoinPosition): Position {
  return { ...(list === undefined ? {} : { list }), ...(behind === undefined ? {} : { behind }) };
}

/** -1 where there is no such record. */
function placeOf(id: string | undefined, records: readonly JsonObject[]): number {
  return id === undefined ? -1 : records.findIndex((record) => textAt(record, 'id') === id);
}

function forgetOldest(cache: Map<string, Json>): void {
  const details = [...cache].filter(([key]) => key.startsWith(detailsKey));
  const sizeOf = (value: Json) => (Array.isArray(value) ? 1 + value.length : 1);
  let size = details.reduce((sum, [, value]) => sum + sizeOf(value), 0);
  for (const [key, value] of details) {
    if (size <= mostCached) return;
    cache.delete(key);
    size -= sizeOf(value);
  }
}
