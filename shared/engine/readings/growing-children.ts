import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListPage } from '../../ports.ts';
import { integerAt, isTrueAt, textAt } from '../../records/json-fields.ts';
import type { PageRequest, Reading } from '../reading.ts';
import { childMark } from './logged-children.ts';
import { type AskedParent, type ChildrenAnswer, childrenReading } from './parents.ts';
import type { WindowedDeclaration } from './windowed.ts';

/** Lists that belong to one parent each, to which records are only ever added. */
export interface GrowingChildrenDeclaration {
  /** A parent that is in a window has changed: that is when its children are asked for. The list also takes `ids`. */
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
  /** Children of the list before those that are to be read. */
  readonly passed: number;
  /** The id of the last one of them. */
  readonly last: string | undefined;
  /** The list is read from its start: what is in the log comes again, and is left out. */
  readonly whole: boolean;
}

/** Rows that the console can be told to skip. */
const furthest = 1_000_000;

/**
 * Reads the children of the parents that changed in a window, each child once, however often its parent changes. The list is
 * sorted by id, so what is in the log already is its beginning, and is skipped; the last one that is skipped is asked for again,
 * and must be the newest of the log. Where it is another, children have come late, with ids below those that were seen, or have
 * been deleted: then the list is read whole, without what is in the log.
 */
export function growingChildren(declaration: GrowingChildrenDeclaration): Reading {
  const { parents, parentKey, idField, pageSize, parentKeyField } = declaration;
  const idOf = (child: Json | undefined) => textAt(child, idField);

  async function readChildren(asked: AskedParent, request: PageRequest): Promise<ChildrenAnswer> {
    const from = asked.at === undefined ? behind(asked.logged) : readPosition(asked.at);
    if (from.passed > furthest) return { records: [], incomplete: beyondReach(declaration.path(asked.key)) };
    const answer = await list(asked, from, request);
    if (fits(answer, from, asked)) return answerOf(answer, from, asked);
    const start = { passed: 0, last: undefined, whole: true };
    const { isStuck: _, ...whole } = answerOf(await list(asked, start, request), start, asked);
    // In the middle of a list this is no way forward, or it would never end where the console does not skip.
    return asked.at === undefined ? whole : { ...whole, isStuck: true };
  }

  /** With the last child that was passed, where there is one. */
  function list({ key, limit }: AskedParent, { passed }: ChildPosition, { api, signal }: PageRequest) {
    const skip = Math.max(0, passed - 1);
    const params = {
      sortBy: idField,
      sortOrder: 'asc',
      // One more than that one, or there would be no way forward.
      limit: String(passed > 0 ? Math.max(2, limit) : limit),
      ...(skip === 0 ? {} : { skip: String(skip) }),
    };
    return api.list(declaration.path(key), params, signal);
  }

  /** True where the list goes on behind what was read, and holds nothing there that is in the log. */
  function fits({ data, nextCursor }: ListPage, from: ChildPosition, { logged }: AskedParent): boolean {
    const { passed, last, whole } = from;
    // A page without records and with a cursor that leads on: the console skipped a beat.
    if (passed === 0 || (data.length === 0 && nextCursor !== undefined)) return true;
    const [first, ...rest] = data;
    if (idOf(first) !== last) return false;
    return whole || rest.every((child) => !isLogged(child, logged));
  }

  function answerOf(
    answer: ListPage,
    from: ChildPosition,
    { key, parent, logged }: AskedParent,
  ): ChildrenAnswer {
    const { data, nextCursor, totalItems } = answer;
    const children = from.passed === 0 ? data : data.slice(1);
    const passed = from.passed + children.length;
    if (children.length === 0) {
      const isEnd = nextCursor === undefined || (totalItems !== undefined && totalItems <= passed);
      return { records: [], ...(isEnd ? {} : { next: writePosition(from), isStuck: true }) };
    }
    const records = children
      .filter(isObject)
      .filter((child) => !isLogged(child, logged))
      .map((child) => declaration.withParent(child, key, parent));
    // The console's count moves while the list is read, and may be capped: all it can say is that there is more.
    const isEnd = nextCursor === undefined && (totalItems === undefined || totalItems <= passed);
    const next = { ...from, passed, last: idOf(children.at(-1)) };
    return { records, ...(isEnd ? {} : { next: writePosition(next) }) };
  }

  function isLogged(child: Json, logged: ReadonlySet<string>): boolean {
    const id = idOf(child);
    return id !== undefined && logged.has(id);
  }

  return childrenReading({
    found: parents,
    parentKey,
    parentsPath: parents.path,
    pageSize,
    mark(record) {
      const key = textAt(record, parentKeyField);
      const id = idOf(record);
      return key === undefined || id === undefined ? undefined : childMark(key, id);
    },
    // Or the list would not fit what is remembered of it, and be read whole with every change of its parent.
    knowsDropped: true,
    begin: async (_, request) => (asked) => readChildren(asked, request),
  });
}

/** Where the list goes on behind what is in the log. */
function behind(logged: ReadonlySet<string>): ChildPosition {
  let last: string | undefined;
  for (const id of logged) if (last === undefined || isAbove(id, last)) last = id;
  return { passed: logged.size, last, whole: false };
}

/** Compares decimal ids, which have more digits than a number can hold. */
function isAbove(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}

function writePosition({ passed, last, whole }: ChildPosition): JsonObject {
  return { passed, ...(last === undefined ? {} : { last }), ...(whole ? { whole } : {}) };
}

function readPosition(at: JsonObject): ChildPosition {
  return {
    passed: integerAt(at, 'passed') ?? 0,
    last: textAt(at, 'last'),
    whole: isTrueAt(at, 'whole'),
  };
}

function beyondReach(path: string): ConnectorError {
  return new ConnectorError({
    code: 'list_too_long',
    message: `${path} has more than ${furthest} records, and the console shows none of those behind.`,
    health: 'unavailable',
    retryable: false,
    recommendation:
      'Nothing to do: no setting reaches them. What lies before is in the lake, and other lists are not affected.',
  });
}
