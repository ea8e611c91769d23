import type { World } from '../world/world.ts';
import type { Answer } from './answer.ts';
import type { DataLakeQueries } from './data-lake-queries.ts';
import type { DeepVisibilityQueries } from './deep-visibility-queries.ts';
import type { PageQuirks } from './faults/page-quirks.ts';
import type { Query } from './query.ts';
import type { TokenGrant, Tokens } from './tokens.ts';

/** One request, after authentication and rate limit. */
export interface Call {
  readonly world: World;
  /** The console's time, epoch milliseconds: the answer is the world at this time. */
  readonly nowMs: number;
  /** Undefined for endpoints that need no token. */
  readonly token: TokenGrant | undefined;
  readonly tokens: Tokens;
  readonly query: Query;
  /** What stood in the path where the endpoint's has `{name}`, decoded. */
  readonly pathParams: ReadonlyMap<string, string>;
  /** Of the request, names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The text of the request's body, empty where there is none. */
  readonly body: string;
  readonly quirks: PageQuirks;
  readonly queries: Queries;
  /** Keeps what an action was taken for, by ids. */
  readonly done: (verb: string, ids: readonly string[]) => void;
}

/** What was asked and is not answered yet: the state of a console that is no part of the world. */
export interface Queries {
  readonly deepVisibility: DeepVisibilityQueries;
  readonly dataLake: DataLakeQueries;
}

/** The vendor's API has two roots. */
export type Surface = 'management' | 'sdl';

/** One endpoint of the vendor's API: a file below `endpoints/` and a line of its registry. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the surface's root, starting with a slash. A segment `{name}` stands for any text. */
  readonly path: string;
  /** `/web/api/v2.1` unless it says `sdl`, which is `/sdl/v2/api` and takes the token as a Bearer one. */
  readonly surface?: Surface;
  readonly authentication: 'token' | 'none';
  /** The permission that a token must have, in the console's own words; absent where every token may. */
  readonly permission?: string;
  /** Who may use it where it has something done: a role that may only look is no responder, whatever permissions it has. */
  readonly acts?: 'responders' | 'everybody';
  /** Where a request has its cursor in the body: whether there is one, and how it is refused. */
  readonly cursor?: { isIn(body: string): boolean; readonly refusal: Answer };
  /** Throws `VendorError` for refusals. */
  answer(call: Call): Answer;
}
