import type * as z from 'zod/mini';
import type { Principal } from '../access/principal.ts';
import type { Right } from '../access/rights.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import type { JsonObject } from '../json.ts';
import type { ApiRequest } from './http.ts';
import type { Services } from './services.ts';

/** Query parameters and bodies are objects; a schema refuses what it does not name. */
export type ObjectSchema = z.ZodMiniObject;

/** What a handler gets: everything is checked already, and the caller may do it. */
export interface Call<Query, Body, Connector = StoredConnector | undefined> {
  /** Whoever it is; on open routes nobody, with no rights and no tenants. */
  readonly principal: Principal;
  /** The one that the path names: it is there, and the caller may see it. */
  readonly connector: Connector;
  /** The parts of the path in braces, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly request: ApiRequest;
  readonly services: Services;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A text that is no JSON, in UTF-8. */
export interface AnswerText {
  readonly contentType: 'text/csv';
  readonly content: string;
}

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  /** Becomes JSON; absent for 204, and where there is a text. */
  readonly body?: unknown;
  /** What is no JSON, as it is sent. */
  readonly text?: AnswerText;
  readonly headers?: Readonly<Record<string, string>>;
}

type AnswerHeader = 'ETag' | 'Location' | 'Retry-After' | 'X-Next-Cursor';

/** An answer that a route may give, for docs/openapi.json and for the test that answers are what it says. */
export interface AnswerShape {
  readonly description: string;
  readonly schema?: z.ZodMiniType;
  readonly example?: unknown;
  /** An example of an answer that is no JSON. */
  readonly text?: AnswerText;
  /** That it always has. */
  readonly headers?: readonly AnswerHeader[];
  /** That it has where there is something to say. */
  readonly mayHave?: readonly AnswerHeader[];
}

/** One operation of the API: everything that router, validation, documentation and authorisation need to know. */
export interface Route {
  /** camelCase; the operationId. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/v1/connectors/{connectorId}`. */
  readonly path: `/v1/${string}`;
  /** `open` needs no key. */
  readonly right: Right | 'open';
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: ObjectSchema;
  readonly body?: ObjectSchema;
  /** An example body, for the documentation; it is checked against the schema by a test. */
  readonly example?: JsonObject;
  /** Headers that it understands beside those of authentication. */
  readonly headers?: readonly ('If-Match' | 'Idempotency-Key')[];
  /** By status; the problems that every route may answer are added. */
  readonly answers: Readonly<Record<number, AnswerShape>>;
  /** True where the connector that the path names may be a deleted one. */
  readonly takesDeleted?: true;
  /** False where a call that is no GET changes nothing that an audit would want to know. */
  readonly isAudited?: false;
  /** The statuses of problems that only some routes answer. */
  readonly problems?: readonly number[];
  readonly handle: (call: Call<never, never, never>) => Promise<Answer>;
}

/** The connector that a path names by `{connectorId}`. */
type ConnectorOf<Path> = Path extends `${string}{connectorId}${string}` ? StoredConnector : undefined;

/** A route whose handler is checked against its own path and schemas. */
export function route<
  const Path extends Route['path'],
  const Query extends ObjectSchema = z.ZodMiniObject<Record<never, never>>,
  const Body extends ObjectSchema = z.ZodMiniObject<Record<never, never>>,
>(
  declared: Omit<Route, 'handle' | 'query' | 'body' | 'path'> & {
    readonly path: Path;
    readonly query?: Query;
    readonly body?: Body;
    readonly handle: (call: Call<z.output<Query>, z.output<Body>, ConnectorOf<Path>>) => Promise<Answer>;
  },
): Route {
  return declared;
}
