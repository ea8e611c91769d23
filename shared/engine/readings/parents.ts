import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { integerAt, listAt } from '../../records/json-fields.ts';
import type { Mark, Page, PageRequest, Reading } from '../reading.ts';
import { type Position, streamName } from '../stream.ts';
import { keptPage } from './kept-page.ts';
import { listWalk } from './list-walk.ts';
import { droppedMark, loggedChildren, rememberChildren } from './logged-children.ts';
import { patientApi } from './patient-api.ts';
import { recordsByIds } from './records-by-ids.ts';
import { timeFilters, type WindowedDeclaration } from './windowed.ts';

/** Parents of one page. Their keys stand in the position. */
const parentsPerPage = 10;
/** Characters; the rest of the position needs room as well. */
const longestCursor = 400;
/** Parents whose children are asked for at once. */
const lanes = 5;
/** A page that has so many records goes on with its other parents later: what is under way has to fit into memory. */
const enoughRecords = 1_000;

/** Where the children of one parent are asked for. */
export interface AskedParent {
  readonly key: string;
  /** The record that led to it. */
  readonly parent: JsonObject;
  /** The names of its children that are in the log, or that a log filter kept out of it. */
  readonly logged: ReadonlySet<string>;
  /** Where the page before ended with it; absent at its start. */
  readonly at: JsonObject | undefined;
  /** Rows to ask for at once. */
  readonly limit: number;
}

export interface ChildrenAnswer {
  readonly records: readonly JsonObject[];
  /** Where the reading of this parent's children goes on; absent when all are read. */
  readonly next?: JsonObject;
  /** True where this page came no further than the one before. */
  readonly isStuck?: true;
  /** What the console has and does not give. */
  readonly incomplete?: ConnectorError;
}

export interface ChildrenDeclaration {
  /** The list by whose records the parents are found, in time windows. */
  readonly found: Omit<WindowedDeclaration, 'pageSize'>;
  readonly parentKey: (record: JsonObject) => string | undefined;
  /** The list that has the parents themselves, and can be asked for `ids`. */
  readonly parentsPath: string;
  /** Rows of a list of children; 1 to 1000. */
  readonly pageSize: number;
  readonly mark: (record: JsonObject) => Mark | undefined;
  /** True where children that a log filter drops are known when they come again, up to a number. */
  readonly knowsDropped?: true;
  /** Called once for the parents of a page; gives what asks for the children of one of them. */
  readonly begin: (
    keys: readonly string[],
    request: PageRequest,
  ) => Promise<(asked: AskedParent) => Promise<ChildrenAnswer>>;
}

/**
 * What the readings of children have in common: parents are found page by page, and the children of a page's parents are asked
 * for side by side. A parent that the console no longer has is done, and noted.
 */
export function childrenReading(declaration: ChildrenDeclaration): Reading {
  const { parentsPath, pageSize, mark, knowsDropped } = declaration;
  const { timeField, sortBy = timeField, ...list } = declaration.found;
  const walk = listWalk({
    ...list,
    sortBy,
    pageSize: parentsPerPage,
    longestCursor,
    bounds: (span) => timeFilters(timeField, span),
  });

  async function readPage(asked: PageRequest): Promise<Page> {
    const request = { ...asked, api: patientApi(asked) };
    const { parents, limit = pageSize, done, open } = readPosition(request.position);
    const page = await keptPage(request.cache, parents, () =>
      walk.readPage({ ...request, span: request.window, position: parents }),
    );
    const byKey = newestByKey(page.records, declaration.parentKey);
    const waiting = [...byKey.keys()].filter((key) => !done.includes(key));
    const logged = await loggedChildren(request.memory, request.stream, waiting);
    const ask = await declaration.begin(waiting, request);
    const askOne = async (key: string): Promise<readonly [string, ChildrenAnswer]> => {
      const parent = byKey.get(key) ?? {};
      const question = {
        key,
        parent,
        logged: logged.get(key) ?? new Set<string>(),
        at: open.get(key),
        limit,
      };
      return [key, await ask(question).catch((error) => nothingOfGone(error, key, request))];
    };
    const answers = new Map<string, ChildrenAnswer>();
    let count = 0;
    let failure: PromiseRejectedResult | undefined;
    for (
      let from = 0;
      from < waiting.length && count < enoughRecords && failure === undefined;
      from += lanes
    ) {
      // All are waited for, also where one fails, so that nothing is under way any more when the failure is dealt with.
      for (const outcome of await Promise.allSettled(waiting.slice(from, from + lanes).map(askOne))) {
        if (outcome.status === 'rejected') {
          failure ??= outcome;
          continue;
        }
        const [key, answer] = outcome.value;
        answers.set(key, answer);
        count += answer.records.length;
      }
    }
    // What the others gave is kept; those that failed are asked again with the next page, and fail it if that is all they do.
    if (failure !== undefined && answers.size === 0) throw failure.reason;
    const isDone = (key: string) => answers.has(key) && answers.get(key)?.next === undefined;
    const left = waiting.filter((key) => !isDone(key));
    const all = [...answers.values()];
    const incomplete = all.find((answer) => answer.incomplete !== undefined)?.incomplete;
    return {
      records: all.flatMap(({ records }) => records),
      position: writePosition(
        left.length === 0
          ? { parents: page.position, limit, done: [], open: new Map() }
          : {
              parents,
              limit,
              // Others may come onto the page while it is worked on, and some of these may leave it.
              done: [...byKey.keys()].filter((key) => !left.includes(key)),
              open: new Map(
                left.flatMap((key) => {
                  const at = answers.get(key)?.next ?? open.get(key);
                  return at === undefined ? [] : [[key, at]];
                }),
              ),
            },
      ),
      end: page.end && left.length === 0,
      mayRepeat: false,
      advances:
        count > 0 ||
        (page.records.length > 0 && !page.mayRepeat && !all.some(({ isStuck }) => isStuck === true)),
      ...(incomplete === undefined ? {} : { incomplete }),
    };
  }

  /**
   * Of a parent that is gone there is nothing more to be had. One that the console still lists, and whose children it does not
   * have, is another matter: then it has no such endpoint.
   */
  async function nothingOfGone(error: unknown, key: string, request: PageRequest): Promise<ChildrenAnswer> {
    if (!(error instanceof ConnectorError) || error.httpStatus !== 404) throw error;
    const found = await recordsByIds(parentsPath, [key], {}, request);
    if (found.length > 0) throw error;
    request.log.info('The console no longer has a parent; its children are done.', {
      stream: streamName(request.stream),
      parent: key,
    });
    return { records: [] };
  }

  function writePosition({ parents, limit, done, open }: ParentsPosition): Position {
    return {
      ...(parents === undefined ? {} : { parents }),
      ...(limit === undefined || limit === pageSize ? {} : { limit }),
      ...(done.length === 0 ? {} : { done }),
      ...(open.size === 0 ? {} : { open: Object.fromEntries(open) }),
    };
  }

  return {
    readPage,
    isEmpty: (request) => walk.isEmpty(request),
    resume(stored, window) {
      const { parents, limit } = readPosition(stored);
      // What was read of the page's children is in the log by then, and the memory says so.
      const again = parents === undefined ? undefined : walk.resume(parents, window);
      return writePosition({ parents: again, limit, done: [], open: new Map() });
    },
    smallerPages(stored) {
      const position = readPosition(stored);
      const limit = Math.floor((position.limit ?? pageSize) / 2);
      return limit < 1 ? undefined : writePosition({ ...position, limit });
    },
    // Children in the order of their parents have no time of their own to be sorted by.
    sortKey: () => undefined,
    remember: {
      mark,
      apply: rememberChildren,
      ...(knowsDropped ? { markDropped: (record) => droppedMark(mark(record)) } : {}),
    },
  };
}

/** Where a walk over children stands. */
interface ParentsPosition {
  /** Of the parents' walk, before the page that is being worked on; absent at the window's start. */
  readonly parents: Position | undefined;
  /** Set where full pages of children were too large. */
  readonly limit: number | undefined;
  /** The parents of that page whose children are all read. */
  readonly done: readonly string[];
  /** The parents whose children are read in part, with what their reading wants to know. */
  readonly open: ReadonlyMap<string, JsonObject>;
}

function readPosition(position: Position | undefined): ParentsPosition {
  const { parents, open } = position ?? {};
  return {
    parents: isObject(parents) ? parents : undefined,
    limit: integerAt(position, 'limit'),
    done: listAt(position, 'done').map(String),
    open: new Map(
      Object.entries(isObject(open) ? open : {}).flatMap(([key, at]) => (isObject(at) ? [[key, at]] : [])),
    ),
  };
}

/** The records of a page by their parents' keys, the newest of each; those without a key have no children to ask for. */
function newestByKey(
  records: readonly Json[],
  keyOf: (record: JsonObject) => string | undefined,
): ReadonlyMap<string, JsonObject> {
  return new Map(
    records.filter(isObject).flatMap((record) => {
      const key = keyOf(record);
      return key === undefined ? [] : [[key, record]];
    }),
  );
}
