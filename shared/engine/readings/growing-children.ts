import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListParams, Memory } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import {
  entriesOf,
  forEachParent,
  parentReading,
  parentWalk,
  readEntryRef,
  readParents,
  readParentsPosition,
  rememberByParent,
} from './parents.ts';
import type { WindowedDeclaration } from './windowed.ts';

/** Lists that belong to one parent each, to which records are only ever added. */
export interface GrowingChildrenDeclaration {
  /** A parent that is in a window has changed: that is when its children are asked for. */
  readonly parents: Omit<WindowedDeclaration, 'pageSize'>;
  readonly parentKey: (parent: JsonObject) => string | undefined;
  /** Below /web/api/v2.1. */
  readonly path: (parentKey: string) => string;
  /** A decimal id that grows with arrival, by which the list can be sorted. */
  readonly idField: string;
  /** 1 to 1000. */
  readonly pageSize: number;
  /** The record as it is written: with the name of its parent, and what it says of it. */
  readonly withParent: (child: JsonObject, parentKey: string, parent: JsonObject) => JsonObject;
  /** The parent's key in such a record. */
  readonly parentKeyField: string;
}

/** How far the children of one parent are read. */
interface ChildPosition {
  /** How many of the list come before the next page. */
  readonly skip: number;
  /** The list is read from its start, because what is known of it does not fit; what is in the log is dropped. */
  readonly all: boolean;
}

/** What is known of a parent's children: how many are in the log, and the id of the newest. */
interface Known {
  readonly count: number;
  readonly newest: string | undefined;
}

interface Children {
  readonly key: string;
  readonly records: readonly JsonObject[];
  /** Absent when all are read. */
  readonly next?: ChildPosition;
}

/**
 * Reads the children of the parents that changed in a window, each child once, however often its parent changes: the list is
 * sorted by id, and what is in the log already is skipped by its number. A child that comes late, with an id below those
 * which were seen, shows itself by the ones that it pushes behind: then the parent's list is read whole, and the log is asked
 * which of it is known.
 */
export function growingChildren(declaration: GrowingChildrenDeclaration): Reading {
  const { idField, pageSize, parentKeyField } = declaration;
  const walk = parentWalk(declaration.parents);
  const idOf = (child: Json) => textAt(child, idField);

  async function readPage(request: PageRequest): Promise<Page> {
    const position = readParentsPosition(request.position);
    const { byKey, page } = await readParents(walk, request, position, declaration.parentKey);
    const keys = [...byKey.keys()].filter((key) => !position.done.includes(key));
    const known = await request.memory.get(request.stream, keys);
    const children = await forEachParent(
      keys,
      (key) => readChildren(key, byKey.get(key) ?? {}, known.get(key), position.open[key], request),
      request,
    );
    const open = children.flatMap(({ key, next }) =>
      next === undefined ? [] : [[key, { ...next }] as const],
    );
    const records = children.flatMap((of) => of.records);
    if (open.length === 0)
      return {
        records,
        position: { parents: page.position },
        end: page.end,
        mayRepeat: false,
        advances: true,
      };
    const isOpen = new Set(open.map(([key]) => key));
    const done = [...position.done, ...keys.filter((key) => !isOpen.has(key))];
    const { parents } = position;
    return {
      records,
      position: { ...(parents === undefined ? {} : { parents }), done, open: Object.fromEntries(open) },
      end: false,
      mayRepeat: false,
      advances: true,
    };
  }

  async function readChildren(
    key: string,
    parent: JsonObject,
    memory: Memory | undefined,
    open: Json | undefined,
    request: PageRequest,
  ): Promise<Children> {
    const known = knownOf(memory);
    const from = isObject(open)
      ? { skip: Number(open['skip']), all: open['all'] === true }
      : { skip: known.count, all: false };
    const answer = await list(key, from.skip, request);
    const passed = from.skip + answer.data.length;
    const isLast = answer.nextCursor === undefined || answer.data.length === 0;
    // What is known must lie before what is asked for, and nothing may be left between the two.
    const fits =
      answer.data.every((child) => known.newest === undefined || isAbove(idOf(child), known.newest)) &&
      !(isLast && answer.totalItems !== undefined && answer.totalItems !== passed);
    if (!from.all && !fits) return await readChildren(key, parent, memory, { skip: 0, all: true }, request);
    const fresh = from.all ? await unlogged(answer.data, key, memory, request) : answer.data;
    return {
      key,
      records: fresh.filter(isObject).map((child) => declaration.withParent(child, key, parent)),
      ...(isLast ? {} : { next: { skip: passed, all: from.all } }),
    };
  }

  function list(key: string, skip: number, { api, signal }: PageRequest) {
    const params: ListParams = {
      sortBy: idField,
      sortOrder: 'asc',
      limit: String(pageSize),
      ...(skip === 0 ? {} : { skip: String(skip) }),
    };
    return api.list(declaration.path(key), params, signal);
  }

  /** The children that no entry of the log has. */
  async function unlogged(
    children: readonly Json[],
    key: string,
    memory: Memory | undefined,
    { logged }: PageRequest,
  ): Promise<readonly Json[]> {
    const ids = new Set<string>();
    for (const entry of entriesOf(memory)) {
      for (const record of await logged(readEntryRef(entry))) {
        const id = idOf(record);
        if (id !== undefined && textAt(record, parentKeyField) === key) ids.add(id);
      }
    }
    return children.filter((child) => !ids.has(idOf(child) ?? ''));
  }

  return {
    ...parentReading(walk),
    readPage,
    smallerPages: () => undefined,
    remember: {
      mark(record) {
        const key = textAt(record, parentKeyField);
        const id = idOf(record);
        return key === undefined ? undefined : { key, value: { id: id ?? null } };
      },
      apply: (entry, marks, memory) => rememberByParent(entry, marks, memory, fold),
    },
  };
}

function knownOf(memory: Memory | undefined): Known {
  const count = memory?.value['count'];
  return { count: typeof count === 'number' ? count : 0, newest: textAt(memory?.value, 'newest') };
}

function fold(before: JsonObject, marks: readonly JsonObject[]): JsonObject {
  let newest = textAt(before, 'newest');
  for (const mark of marks) {
    const id = textAt(mark, 'id');
    if (id !== undefined && (newest === undefined || isAbove(id, newest))) newest = id;
  }
  const { count } = before;
  return { count: (typeof count === 'number' ? count : 0) + marks.length, newest: newest ?? null };
}

/** Compares decimal ids, which have more digits than a number can hold. A record without an id is never below another. */
function isAbove(id: string | undefined, other: string): boolean {
  if (id === undefined) return true;
  return id.length === other.length ? id > other : id.length > other.length;
}
