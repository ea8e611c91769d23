import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListParams, Memory } from '../../ports.ts';
import { fieldAt, textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import {
  forEachParent,
  parentReading,
  parentWalk,
  readParents,
  readParentsPosition,
  rememberByParent,
} from './parents.ts';
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

/** Of a child that was deleted, in the place of its revision. */
const deletedRevision = 'deleted';
/** Pages of one parent's children. A list that is longer than this is no short one. */
const mostPages = 50;

/**
 * Reads the children of the parents for which something was announced in a window: those that are new or have another
 * revision than the log, and of those that have gone a last record which says so. Costs a request per parent that has
 * changed, and none for all others.
 */
export function revisedChildren(declaration: RevisedChildrenDeclaration): Reading {
  const { idField, revisionField, parentKeyField } = declaration;
  const walk = parentWalk(declaration.announcements);

  async function readPage(request: PageRequest): Promise<Page> {
    const position = readParentsPosition(request.position);
    const { byKey, page } = await readParents(walk, request, position, declaration.parentKey);
    const keys = [...byKey.keys()];
    const known = await request.memory.get(request.stream, keys);
    const parents = await readParentRecords(keys, request);
    const children = await forEachParent(
      keys,
      async (key) => {
        const announcement = byKey.get(key) ?? {};
        const changed = await readChanged(key, announcement, known.get(key), request);
        return changed.map((child) =>
          declaration.withParent(child, key, parents.get(key) ?? {}, announcement),
        );
      },
      request,
    );
    return {
      records: children.flat(),
      position: { parents: page.position },
      end: page.end,
      mayRepeat: false,
      advances: true,
    };
  }

  /** The parents as they are now; those that have gone are not in it. */
  async function readParentRecords(
    keys: readonly string[],
    { api, signal }: PageRequest,
  ): Promise<ReadonlyMap<string, JsonObject>> {
    if (keys.length === 0) return new Map();
    const { path, idField: parentId } = declaration.parents;
    const { data } = await api.list(path, { ids: keys.join(','), limit: String(keys.length) }, signal);
    return new Map(data.filter(isObject).map((parent) => [textAt(parent, parentId) ?? '', parent]));
  }

  async function readChanged(
    key: string,
    announcement: JsonObject,
    memory: Memory | undefined,
    request: PageRequest,
  ): Promise<readonly JsonObject[]> {
    const logged = revisionsOf(memory);
    const children = (await readAll(key, request)).filter(isObject);
    const listed = new Set(children.map((child) => textAt(child, idField)));
    const changed = children.filter((child) => {
      const id = textAt(child, idField);
      return id === undefined || logged.get(id) !== revisionOf(child);
    });
    const gone = [...logged].filter(([id, revision]) => revision !== deletedRevision && !listed.has(id));
    return [...changed, ...gone.map(([id]) => declaration.deleted(id, announcement))];
  }

  async function readAll(key: string, { api, signal }: PageRequest): Promise<readonly Json[]> {
    const children: Json[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const params = { ...declaration.params, ...(cursor === undefined ? {} : { cursor }) };
      const answer = await api.list(declaration.path(key), params, signal);
      children.push(...answer.data);
      if (answer.nextCursor === undefined || answer.nextCursor === cursor) return children;
      cursor = answer.nextCursor;
    }
    throw new Error(`The list of ${declaration.path(key)} has more than ${mostPages} pages.`);
  }

  function revisionOf(child: JsonObject): string {
    return declaration.isDeleted(child) ? deletedRevision : (textAt(child, revisionField) ?? '');
  }

  return {
    ...parentReading(walk),
    readPage,
    smallerPages: () => undefined,
    remember: {
      mark(record) {
        const key = textAt(record, parentKeyField);
        const id = textAt(record, idField);
        return key === undefined || id === undefined
          ? undefined
          : { key, value: { id, revision: revisionOf(record) } };
      },
      apply: (entry, marks, memory) => rememberByParent(entry, marks, memory, fold),
    },
  };
}

/** The revisions of a parent's children that are in the log, by the children's ids. */
function revisionsOf(memory: Memory | undefined): ReadonlyMap<string, string> {
  const children = fieldAt(memory?.value, 'children');
  return new Map(
    Object.entries(isObject(children) ? children : {}).map(([id, revision]) => [id, String(revision)]),
  );
}

function fold(before: JsonObject, marks: readonly JsonObject[]): JsonObject {
  const children = before['children'];
  return {
    children: {
      ...(isObject(children) ? children : {}),
      ...Object.fromEntries(marks.map((mark) => [textAt(mark, 'id') ?? '', mark['revision']])),
    },
  };
}
