import type { SentinelOneApi } from '../ports.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** What console and token say about themselves, being asked. */
export interface Introduction {
  /** `GET /system/info`: needs a token, and no permission. */
  readonly info: Promise<Outcome>;
  /** `POST /users/api-token-details`: when the token was made and when it expires; no permission is needed. */
  readonly lifetime: Promise<Outcome>;
  /** `GET /user`: the token's owner; needs Users.view. */
  readonly user: Promise<Outcome>;
}

/** Asks all three at once. */
export function introduce(api: SentinelOneApi, apiToken: string, signal: AbortSignal): Introduction {
  const token = { data: { apiToken: apiToken.trim() } };
  const introduction = {
    info: outcomeOf(api, { method: 'GET', path: '/system/info' }, signal),
    lifetime: outcomeOf(api, { method: 'POST', path: '/users/api-token-details', body: token }, signal),
    user: outcomeOf(api, { method: 'GET', path: '/user' }, signal),
  };
  // Whoever needs one hears of its failure; one that nobody comes to need is none.
  for (const outcome of Object.values(introduction)) outcome.catch(() => undefined);
  return introduction;
}
