import { ConnectorError } from '../../errors.ts';
import { isObject, type Json } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { fieldAt, listAt, textAt } from '../../records/json-fields.ts';
import { parseConsoleTime } from '../../sentinelone/console-time.ts';
import type { Page, PageRequest, Reading, ReadingContext } from '../reading.ts';
import type { Position, Span } from '../stream.ts';
import { asRefusedCursor, cursorTooLong, repeatedCursor } from './list-errors.ts';

/** A GraphQL connection that can be filtered by more than one time. */
export interface GraphqlConnectionDeclaration {
  /** POST below /web/api/v2.1. */
  readonly path: string;
  /** The connection, and what is wanted of its nodes. */
  readonly field: string;
  readonly selection: string;
  /** Arguments that are always the same. */
  readonly fixedArguments: string;
  readonly pageSize: number;
  /**
   * The times by which a window is walked, one after the other. A record belongs to the first of them that it has, so that no
   * record is read by two.
   */
  readonly axes: readonly string[];
  /**
   * Records that the list keeps from everybody who does not name the value: each time is walked for them once more, at the end.
   * Where a console shows them to all, the engine drops what comes a second time.
   */
  readonly hidden?: HiddenRecords;
}

/** A field and the value that has to be named. */
export interface HiddenRecords {
  readonly fieldId: string;
  readonly value: string;
}

/** A window is walked so often. */
interface Pass {
  readonly axis: string;
  /** The times by which a record is read before it is by this one. */
  readonly earlierAxes: readonly string[];
  readonly hidden?: HiddenRecords;
}

interface ConnectionPosition {
  /** The number of the pass. */
  readonly pass: number;
  /** Where the pass is begun, epoch milliseconds; at the window's start where absent. */
  readonly from?: number;
  readonly cursor?: string;
  /** The newest time on the pass' pages; absent where they were not in its order. */
  readonly lastKey?: number;
  /** Set where full pages were too large. */
  readonly first?: number;
  /** The pass was begun again: what is in the log already may come a second time. */
  readonly repeats?: boolean;
}

/** Characters; see `listWalk`. */
const longestCursor = 1200;

/** Reads a window pass by pass, each in ascending order of its time, so that a record which changes moves ahead of the walk. */
export function graphqlConnection(declaration: GraphqlConnectionDeclaration): Reading {
  const { path, field, pageSize } = declaration;
  const passes = passesOf(declaration);

  async function readPage(request: PageRequest): Promise<Page> {
    const position = readPosition(request.position);
    const { window } = request;
    const pass = passes[position.pass];
    if (pass === undefined) throw new Error(`A window has no pass ${position.pass}.`);
    const first = position.first ?? pageSize;
    const span = { from: position.from ?? window.from, to: window.to };
    const connection = await ask({ pass, span, first, after: position.cursor }, request);
    const nodes = listAt(connection, 'edges').map((edge) => fieldAt(edge, 'node') ?? null);
    const records = nodes.filter((node) => belongsTo(node, pass));
    const cursor = cursorOf(connection);
    if (cursor !== undefined && cursor === position.cursor) throw repeatedCursor(path);
    if (cursor !== undefined && cursor.length > longestCursor)
      throw cursorTooLong(cursor.length, longestCursor);
    const { pass: number, lastKey: before, ...rest } = position;
    const lastKey = newestTime(nodes, pass.axis, position);
    return {
      records,
      position:
        cursor === undefined
          ? { pass: number + 1, ...(rest.first === undefined ? {} : { first }) }
          : { ...rest, pass: number, cursor, ...(lastKey === undefined ? {} : { lastKey }) },
      end: cursor === undefined && number === passes.length - 1,
      mayRepeat: position.repeats === true || (pass.hidden !== undefined && records.length > 0),
      advances: cursor === undefined || records.length < nodes.length,
    };
  }

  /** Of the page that follows, or undefined where none does. */
  function cursorOf(connection: Json | undefined): string | undefined {
    if (fieldAt(connection, 'pageInfo', 'hasNextPage') !== true) return undefined;
    const cursor = textAt(connection, 'pageInfo', 'endCursor');
    if (cursor === undefined) throw malformedConnection(path, 'promises another page and no way to it');
    return cursor;
  }

  function belongsTo(node: Json, { earlierAxes }: Pass): boolean {
    return earlierAxes.every((earlier) => parseConsoleTime(fieldAt(node, earlier)) === undefined);
  }

  async function ask(
    asked: Asked,
    { api, scope, signal }: ReadingContext & { readonly signal: AbortSignal },
  ): Promise<Json | undefined> {
    const query = queryText(declaration, asked, scope);
    const { json } = await api
      .request({ method: 'POST', path, body: { query } }, signal)
      .catch((error: unknown) => Promise.reject(asked.after === undefined ? error : asRefused(error)));
    const connection = fieldAt(json, 'data', field);
    if (!isObject(connection) || !Array.isArray(connection['edges']))
      throw malformedConnection(path, `holds no list of ${field}`);
    return connection;
  }

  return {
    readPage,
    async isEmpty(request) {
      for (const pass of passes) {
        const connection = await ask({ pass, span: request.span, first: 1 }, request);
        if (listAt(connection, 'edges').length > 0) return false;
      }
      return true;
    },
    resume: (stored) => again(readPosition(stored)),
    smallerPages(stored) {
      const position = readPosition(stored);
      const first = Math.floor((position.first ?? pageSize) / 2);
      return first < 1 ? undefined : { ...position, first };
    },
    sortKey: () => undefined,
    readsPast: true,
  };
}

function passesOf({ axes, hidden }: GraphqlConnectionDeclaration): readonly Pass[] {
  const shown = axes.map((axis, i) => ({ axis, earlierAxes: axes.slice(0, i) }));
  return hidden === undefined ? shown : [...shown, ...shown.map((pass) => ({ ...pass, hidden }))];
}

/** What is asked for at one time. */
interface Asked {
  readonly pass: Pass;
  readonly span: Span;
  readonly first: number;
  readonly after?: string | undefined;
}

/** Values stand in the text and not in variables, whose types have other names from console to console. */
function queryText(
  { field, selection, fixedArguments }: GraphqlConnectionDeclaration,
  { pass: { axis, hidden }, span: { from, to }, first, after }: Asked,
  { siteIds, accountIds }: ListParams,
): string {
  const ids = siteIds ?? accountIds;
  const filters = [
    `{fieldId: ${JSON.stringify(axis)}, dateTimeRange: {start: ${from}, end: ${to}, startInclusive: true, endInclusive: false}}`,
    ...(hidden === undefined
      ? []
      : [
          `{fieldId: ${JSON.stringify(hidden.fieldId)}, stringIn: {values: [${JSON.stringify(hidden.value)}]}}`,
        ]),
  ];
  const list = [
    `first: ${first}`,
    ...(after === undefined ? [] : [`after: ${JSON.stringify(after)}`]),
    `filters: [${filters.join(', ')}]`,
    `sort: {by: ${JSON.stringify(axis)}, order: ASC}`,
    ...(ids === undefined
      ? []
      : [
          `scope: {scopeIds: ${JSON.stringify(ids.split(','))}, scopeType: ${siteIds === undefined ? 'ACCOUNT' : 'SITE'}}`,
        ]),
    fixedArguments,
  ];
  return `{ ${field}(${list.join(', ')}) { pageInfo { hasNextPage endCursor } edges { node { ${selection} } } } }`;
}

/** The pass without its cursor, from the newest time on. */
function again({ pass, from, lastKey, first }: ConnectionPosition): Position {
  const start = lastKey ?? from;
  return {
    pass,
    repeats: true,
    ...(start === undefined ? {} : { from: start }),
    ...(first === undefined ? {} : { first }),
  };
}

/** The newest time up to here, unless a page is not in the order of its times. */
function newestTime(
  nodes: readonly Json[],
  axis: string,
  { cursor, lastKey: before }: ConnectionPosition,
): number | undefined {
  if (cursor !== undefined && before === undefined) return undefined;
  let newest = before;
  for (const node of nodes) {
    const time = parseConsoleTime(fieldAt(node, axis));
    if (time === undefined || (newest !== undefined && time < newest)) return undefined;
    newest = time;
  }
  return newest;
}

function readPosition(position: Position | undefined): ConnectionPosition {
  const { pass, from, cursor, lastKey, first, repeats } = position ?? {};
  return {
    pass: typeof pass === 'number' ? pass : 0,
    ...(typeof from === 'number' ? { from } : {}),
    ...(typeof cursor === 'string' ? { cursor } : {}),
    ...(typeof lastKey === 'number' ? { lastKey } : {}),
    ...(typeof first === 'number' ? { first } : {}),
    ...(repeats === true ? { repeats } : {}),
  };
}

/** GraphQL's refusals come inside a success. A request that was good without its cursor is refused because of it. */
function asRefused(error: unknown): unknown {
  if (!(error instanceof ConnectorError) || error.httpStatus !== 200) return asRefusedCursor(error);
  const { message, recommendation } = error;
  return new ConnectorError(
    {
      code: 'cursor_refused',
      message,
      health: 'unavailable',
      retryable: true,
      recommendation,
      httpStatus: 200,
    },
    { cause: error },
  );
}

function malformedConnection(path: string, what: string): ConnectorError {
  return new ConnectorError({
    code: 'response_malformed',
    message: `POST ${path}: the answer was a success, but it ${what}.`,
    health: 'unavailable',
    retryable: true,
    recommendation: 'Nothing to do if it is rare: the request is tried again.',
    httpStatus: 200,
  });
}
