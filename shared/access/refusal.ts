/** Why a call is not let in. Stable, machine-readable. */
export type RefusalCode =
  | 'key_missing'
  | 'key_malformed'
  | 'key_unknown'
  | 'key_expired'
  | 'key_revoked'
  | 'token_invalid'
  | 'token_expired'
  | 'rate_limited';

/** What a caller hears who is not let in. Never a part of what they sent: answers end up in logs. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  /** One sentence. */
  readonly message: string;
  /** What the caller should do, one or two sentences. */
  readonly recommendation: string;
  /** With `rate_limited` only: when it is worth trying again. */
  readonly retryAfterSeconds?: number;
}

export function refusal(code: RefusalCode, message: string, recommendation: string): Refusal {
  return { kind: 'refused', code, message, recommendation };
}
