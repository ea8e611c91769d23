import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { PageRequest, Reading } from '../reading.ts';
import { repeatedCursor } from './list-errors.ts';
import { childMark } from './logged-children.ts';
import { type AskedParent, type ChildrenAnswer, childrenReading } from './parents.ts';
import { recordsByIds } from './records-by-ids.ts';
import type { WindowedDeclaration } from './windowed.ts';

/** Short lists that belong to one parent each, whose records are added, changed and deleted. */
export interface RevisedChildrenDeclaration {
  /** The announcements: a record of it says that the children of a parent have changed. */
  readonly announcements: Omit<WindowedDeclaration, 'pageSize'>;
  readonly parentKey: (announcement: JsonObject) => string | undefined;
  /** Where the parents themselves are found by their ids, which are the keys; one request per page. */
  readonly parents: { readonly path: string; readonly idField: string };
  /** Below /web/api/v2.1. */
  readonly path: (parentKey: string) => string;
  readonly params: ListParams;
  /** Holds no space. */
  readonly idField: string;
  readonly revisionField: string;
  /** The record as it is written: with the name of its parent, and what is known of it. */
  readonly withParent: (
    child: JsonObject,
    parentKey: string,
    parent: JsonObject,
    announcement: JsonObject,
  ) => JsonObject;
  /** What is written for a child that is not in the list any more. */
  readonly deleted: (childId: string, announcement: JsonObject) => JsonObject;
  readonly isDeleted: (record: JsonObject) => boolean;
  readonly parentKeyField: string;
}

/** The children of one parent. */
interface Children {
  readonly rows: readonly Json[];
  /** Why there may be more of them. */
  readonly trouble?: ConnectorError;
}

/** Of a child that was deleted, in the place of its revision. */
const deletedRevision = 'deleted';
/** Rows of one request. */
const pageSize = 1000;
/** Pages of one parent's children. A list that is longer than this is no short one. */
const mostPages = 50;

/**
 * Reads the children of the parents for which something was announced in a window: those whose revision is not in the log, and
 * of those that have gone a last record which says so. Costs a request per parent that has changed, and none for all others.
 */
export function revisedChildren(declaration: RevisedChildrenDeclaration): Reading {
  const { announcements, parentKey, parents, idField, revisionField, parentKeyField } = declaration;

  async function readChanged(
    { key, parent: announcement, logged, limit }: AskedParent,
    parentRecord: JsonObject,
    request: PageRequest,
  ): Promise<ChildrenAnswer> {
    const { rows, trouble } = await readTwiceIfCut(declaration.path(key), limit, request);
    const children = rows.filter(isObject);
    const changed = children.filter((child) => {
      const name = nameOf(child);
      return name === undefined || !logged.has(name);
    });
    // What the console does not show now need not be deleted.
    const gone = trouble === undefined ? goneFrom(logged, children) : [];
    const records = [...changed, ...gone.map((id) => declaration.deleted(id, announcement))];
    return {
      records: records.map((child) => declaration.withParent(child, key, parentRecord, announcement)),
      ...(trouble === undefined ? {} : { incomplete: trouble }),
    };
  }

  async function readTwiceIfCut(path: string, limit: number, request: PageRequest): Promise<Children> {
    const first = await readAll(path, limit, request);
    return first.trouble?.code === 'list_cut' ? await readAll(path, limit, request) : first;
  }

  async function readAll(path: string, limit: number, { api, signal }: PageRequest): Promise<Children> {
    const rows: Json[] = [];
    const fixed = { ...declaration.params, limit: String(limit) };
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const params = { ...fixed, ...(cursor === undefined ? {} : { cursor }) };
      const { data, nextCursor, totalItems } = await api.list(path, params, signal);
      rows.push(...data);
      if (nextCursor === undefined)
        return totalItems === undefined || totalItems <= rows.length
          ? { rows }
          : { rows, trouble: listCut(path, rows.length, totalItems) };
      if (nextCursor === cursor) throw repeatedCursor(path);
      cursor = nextCursor;
    }
    return { rows, trouble: listTooLong(path, rows.length) };
  }

  /** The children of which the log does not say that they were deleted, and that are not in the list. */
  function goneFrom(logged: ReadonlySet<string>, listed: readonly JsonObject[]): readonly string[] {
    const ids = new Set([...logged].map((name) => name.slice(0, name.indexOf(' '))));
    for (const child of listed) ids.delete(textAt(child, idField) ?? '');
    return [...ids].filter((id) => !logged.has(`${id} ${deletedRevision}`));
  }

  function nameOf(child: JsonObject): string | undefined {
    const id = textAt(child, idField);
    if (id === undefined) return undefined;
    const revision = declaration.isDeleted(child) ? deletedRevision : (textAt(child, revisionField) ?? '');
    return `${id} ${revision}`;
  }

  return childrenReading({
    found: announcements,
    parentKey,
    parentsPath: parents.path,
    pageSize,
    // Dropped ones are not known: a child that the lake never had must not be written as deleted.
    mark(record) {
      const key = textAt(record, parentKeyField);
      const name = nameOf(record);
      return key === undefined || name === undefined ? undefined : childMark(key, name);
    },
    async begin(keys, request) {
      const found = await recordsByIds(parents.path, keys, {}, request);
      // As they are now; those that have gone are not in it.
      const byKey = new Map(found.map((parent) => [textAt(parent, parents.idField), parent]));
      return (asked) => readChanged(asked, byKey.get(asked.key) ?? {}, request);
    },
  });
}

function listTooLong(path: string, rows: number): ConnectorError {
  return new ConnectorError({
    code: 'list_too_long',
    message: `${path} has more than ${rows} records: those behind are not read, and deletions are not noticed.`,
    health: 'unavailable',
    retryable: false,
    recommendation:
      'Delete what is not needed on the console. What lies before is in the lake, and other lists are not affected.',
  });
}

function listCut(path: string, rows: number, total: number): ConnectorError {
  return new ConnectorError({
    code: 'list_cut',
    message: `The console's list of ${path} ends after ${rows} of ${total} records, twice: deletions in it are not noticed.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'What the list holds is in the lake, and the reading goes on. If it happens again, open a case with SentinelOne and name the list.',
  });
}
