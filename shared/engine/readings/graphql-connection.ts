import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { fieldAt, listAt, textAt } from '../../records/json-fields.ts';
import { parseConsoleTime } from '../../sentinelone/console-time.ts';
import type { Page, PageRequest, Reading, ReadingContext } from '../reading.ts';
import type { Position, Span, Window } from '../stream.ts';
import { cursorTooLong, repeatedCursor } from './list-errors.ts';

/** A GraphQL connection that can be filtered by more than one time. */
export interface GraphqlConnectionDeclaration {
  /** POST below /web/api/v2.1. */
  readonly path: string;
  /** The query's text; its variables are `first`, `after`, `filters`, `sort` and `scope`. */
  readonly query: string;
  /** The field of the answer's `data` that is the connection. */
  readonly field: string;
  readonly pageSize: number;
  /**
   * The times by which a window is walked, one after the other. A record belongs to the first of them that it has, so that no
   * record is read by two.
   */
  readonly axes: readonly string[];
}

interface ConnectionPosition {
  readonly axis: number;
  readonly cursor?: string;
  /** The axis was begun again: what is in the log already may come a second time. */
  readonly repeats?: boolean;
}

/** Characters; see `listWalk`. */
const longestCursor = 1200;

/** Reads a window axis by axis, in ascending order of its time, so that a record which changes moves ahead of the walk. */
export function graphqlConnection(declaration: GraphqlConnectionDeclaration): Reading {
  const { path, query, field, pageSize, axes } = declaration;

  async function readPage(request: PageRequest): Promise<Page> {
    const position = readPosition(request.position);
    const axis = axes[position.axis] ?? '';
    const connection = await ask(
      { axis, span: request.window, first: pageSize, after: position.cursor },
      request,
    );
    const nodes = listAt(connection, 'edges').map((edge) => fieldAt(edge, 'node') ?? null);
    const cursor =
      fieldAt(connection, 'pageInfo', 'hasNextPage') === true
        ? textAt(connection, 'pageInfo', 'endCursor')
        : undefined;
    if (cursor !== undefined && cursor === position.cursor) throw repeatedCursor(path);
    if (cursor !== undefined && cursor.length > longestCursor)
      throw cursorTooLong(cursor.length, longestCursor);
    const isLastAxis = position.axis === axes.length - 1;
    return {
      records: nodes.filter((node) => belongsTo(node, position.axis)),
      position: writePosition(cursor === undefined ? { axis: position.axis + 1 } : { ...position, cursor }),
      end: cursor === undefined && isLastAxis,
      mayRepeat: position.repeats === true,
      advances: true,
    };
  }

  /** A record with the time of an axis before this one is read there. */
  function belongsTo(node: Json, axis: number): boolean {
    return axes.slice(0, axis).every((earlier) => parseConsoleTime(fieldAt(node, earlier)) === undefined);
  }

  async function ask(
    asked: {
      readonly axis: string;
      readonly span: Span;
      readonly first: number;
      readonly after?: string | undefined;
    },
    { api, scope, signal }: ReadingContext & { readonly signal: AbortSignal },
  ): Promise<Json | undefined> {
    const { axis, span, first, after } = asked;
    const variables = {
      first,
      ...(after === undefined ? {} : { after }),
      filters: [{ fieldId: axis, dateTimeRange: rangeOf(span) }],
      sort: { by: axis, order: 'ASC' },
      ...scopeVariable(scope),
    };
    const { json } = await api
      .request({ method: 'POST', path, body: { query, variables } }, signal)
      .catch((error: unknown) => Promise.reject(after === undefined ? error : asRefused(error)));
    const connection = fieldAt(json, 'data', field);
    if (!isObject(connection) || !Array.isArray(connection['edges'])) throw noConnection(path, field);
    return connection;
  }

  return {
    readPage,
    async isEmpty(request) {
      for (const axis of axes) {
        const connection = await ask({ axis, span: request.span, first: 1 }, request);
        if (listAt(connection, 'edges').length > 0) return false;
      }
      return true;
    },
    resume: (position) => writePosition({ axis: readPosition(position).axis, repeats: true }),
    smallerPages: () => undefined,
    sortKey: () => undefined,
  };
}

function rangeOf({ from, to }: Window): JsonObject {
  return { start: from, end: to, startInclusive: true, endInclusive: false };
}

function scopeVariable({ siteIds, accountIds }: ReadingContext['scope']): JsonObject {
  const ids = siteIds ?? accountIds;
  if (ids === undefined) return {};
  return { scope: { scopeIds: ids.split(','), scopeType: siteIds === undefined ? 'ACCOUNT' : 'SITE' } };
}

function writePosition(position: ConnectionPosition): Position {
  return { ...position };
}

function readPosition(position: Position | undefined): ConnectionPosition {
  const { axis, cursor, repeats } = position ?? {};
  return {
    axis: typeof axis === 'number' ? axis : 0,
    ...(typeof cursor === 'string' ? { cursor } : {}),
    ...(repeats === true ? { repeats } : {}),
  };
}

/** GraphQL's refusals come inside a success. A request that was good without its cursor is refused because of it. */
function asRefused(error: unknown): unknown {
  if (!(error instanceof ConnectorError) || error.httpStatus !== 200) return error;
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

function noConnection(path: string, field: string): ConnectorError {
  return new ConnectorError({
    code: 'response_malformed',
    message: `POST ${path}: the answer was a success, but it holds no list of ${field}`,
    health: 'unavailable',
    retryable: true,
    recommendation: 'Nothing to do if it is rare: the request is tried again.',
    httpStatus: 200,
  });
}
