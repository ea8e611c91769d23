import type { World } from '../world/world.ts';
import type { Answer } from './answer.ts';
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
  /** The text of the request's body, empty where there is none. */
  readonly body: string;
  readonly quirks: PageQuirks;
}

/** One endpoint of the vendor's API: a file below `endpoints/` and a line of its registry. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Below /web/api/v2.1, starting with a slash. */
  readonly path: string;
  readonly authentication: 'token' | 'none';
  /** Throws `VendorError` for refusals. */
  answer(call: Call): Answer;
}
