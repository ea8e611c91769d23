import type { Draws } from '../../world/random.ts';
import type { Answer } from '../answer.ts';

/**
 * What happens to a request instead of, or on top of, its right answer.
 * - `answer`: this is sent, and the right answer is never made: what was asked for is not done, unless it says `afterwards`;
 * - `cursor`: the request's cursor is refused, in the way of the endpoint;
 * - `reset`: the connection is reset before anything is sent; what was asked for is done, unless it says `undone`;
 * - `cut`: the right answer breaks off in the middle, with its full Content-Length or as an unfinished chunked body.
 */
export type Fault =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly afterwards?: true }
  | { readonly kind: 'cursor' }
  | { readonly kind: 'reset'; readonly undone?: true }
  | { readonly kind: 'cut'; readonly chunked: boolean };

/** What a fault may depend on. */
export interface FaultRequest {
  readonly draw: Draws;
  readonly nowMs: number;
  readonly hasCursor: boolean;
  /** True where it asks for an action. */
  readonly acts: boolean;
}

/** Decides for one request; undefined leaves it alone. */
export type FaultSource = (request: FaultRequest) => Fault | undefined;
