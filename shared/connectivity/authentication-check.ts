import type { Finding } from './finding.ts';
import type { Introduction } from './introduction.ts';
import { isBeyondToken, type Outcome } from './outcome.ts';

/**
 * Whether the token is accepted. One 401 does not prove the opposite, because some endpoints say so to a good token: it has to
 * be said twice.
 */
export async function authenticationFinding({
  info,
  lifetime,
}: Pick<Introduction, 'info' | 'lifetime'>): Promise<Finding> {
  const asked = await info;
  if (isAccepted(asked)) return accepted;
  if (asked.error.httpStatus === 401 && isAccepted(await lifetime)) return accepted;
  throw asked.error;
}

const accepted: Finding = { ok: true, detail: 'The console accepts the token.' };

type Refused = Extract<Outcome, { kind: 'refused' }>;

function isAccepted(outcome: Outcome): outcome is Exclude<Outcome, Refused> {
  return outcome.kind === 'answered' || isBeyondToken(outcome.error);
}
