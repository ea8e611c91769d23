import type { Json } from '../json.ts';
import { fieldAt, listAt } from '../records/json-fields.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import type { Finding } from './finding.ts';
import { isBeyondToken, type Outcome } from './outcome.ts';
import type { TokenFacts } from './report.ts';
import { shortText } from './short-text.ts';

const dayMs = 86_400_000;
/** Long enough for somebody to be found who may generate a new one. */
const warnDays = 14;

/**
 * What the token may see of itself.
 * @param now by the console's clock, epoch milliseconds
 */
export function tokenFacts(lifetime: Outcome, user: Outcome, apiToken: string, now: number): TokenFacts {
  const own = user.kind === 'answered' ? fieldAt(user.json, 'data') : undefined;
  const times = lifetime.kind === 'answered' ? fieldAt(lifetime.json, 'data') : fieldAt(own, 'apiToken');
  const createdAt = parseConsoleTime(fieldAt(times, 'createdAt'));
  const expiresAt = parseConsoleTime(fieldAt(times, 'expiresAt'));
  const name = shortText(own, apiToken, 'email') ?? shortText(own, apiToken, 'fullName');
  const role = namesOf(own, 'roleName', apiToken);
  const scope = scopeOf(own, apiToken);
  return {
    ...(name === undefined ? {} : { user: name }),
    ...(role === undefined ? {} : { role }),
    ...(scope === undefined ? {} : { scope }),
    ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() }),
    ...(expiresAt === undefined
      ? {}
      : {
          expiresAt: new Date(expiresAt).toISOString(),
          daysLeft: Math.max(0, Math.floor((expiresAt - now) / dayMs)),
        }),
  };
}

/** Whose the token is and when it expires. What it may not see of itself is no failure. */
export function tokenFinding(lifetime: Outcome, user: Outcome, facts: TokenFacts): Finding {
  for (const outcome of [lifetime, user]) {
    if (outcome.kind === 'refused' && !isHidden(outcome)) throw outcome.error;
  }
  const detail = [ownerText(facts), expiryText(facts, lifetime)].join('; ');
  const { daysLeft, expiresAt = '' } = facts;
  if (daysLeft === undefined || daysLeft >= warnDays) return { ok: true, detail };
  return {
    ok: true,
    code: 'token_expires_soon',
    detail,
    recommendation: `Generate a new token for the service user and store it in the connector before ${expiresAt.slice(0, 10)}: nothing is collected from then on.`,
  };
}

/** A good token is told 401 by some endpoints; whether this one is good is the business of another check. */
function isHidden({ error }: Extract<Outcome, { kind: 'refused' }>): boolean {
  return error.httpStatus === 401 || isBeyondToken(error);
}

function ownerText({ user, role, scope }: TokenFacts): string {
  const [first, ...others] = [
    user,
    role === undefined ? undefined : `role ${role}`,
    scope === undefined ? undefined : `scope ${scope}`,
  ].filter((text) => text !== undefined);
  if (first === undefined) return 'the owner is not visible to this token (Users.view)';
  return [`belongs to ${first}`, ...others].join(', ');
}

function expiryText({ expiresAt, daysLeft }: TokenFacts, lifetime: Outcome): string {
  if (expiresAt !== undefined && daysLeft !== undefined)
    return `expires on ${expiresAt.slice(0, 10)}, in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`;
  return lifetime.kind === 'answered' && fieldAt(lifetime.json, 'data', 'createdAt') !== undefined
    ? 'does not expire'
    : 'the day on which it expires is not visible to this token';
}

function scopeOf(own: Json | undefined, apiToken: string): string | undefined {
  const level = shortText(own, apiToken, 'scope');
  const names = namesOf(own, 'name', apiToken);
  if (level === undefined || names === undefined || names === level) return level ?? names;
  return `${level}: ${names}`;
}

/** A field of all roles that the owner has in its scopes. */
function namesOf(own: Json | undefined, field: string, apiToken: string): string | undefined {
  const names = listAt(own, 'scopeRoles').map((role) => shortText(role, apiToken, field));
  const known = [...new Set(names)].filter((name) => name !== undefined);
  return known.length === 0 ? undefined : known.slice(0, 5).join(', ');
}
