import type { InputProblem } from '../connectors/input-problem.ts';
import { idProblem } from '../connectors/names.ts';
import type { ApiKey } from './api-key.ts';
import { mayManageKey, type Principal } from './principal.ts';
import { isRight, rights as knownRights, type Right } from './rights.ts';

/** Whoever runs a command on the account. That they may write the table was checked by AWS, and nothing else is. */
export interface Operator {
  readonly kind: 'operator';
  /** Their name, or the ARN they act as. */
  readonly id: string;
}

/** What a key shall be. Nothing of it has been checked: it may come straight out of a request's body. */
export interface KeyDraft {
  /** 1 to 64 printable ASCII characters. */
  readonly name: unknown;
  /** Ids of tenants, or `all`. */
  readonly tenants: unknown;
  /** Names of rights, at least one. */
  readonly rights: unknown;
  /** Epoch milliseconds, at most two years ahead; the key does not expire where absent. */
  readonly expiresAt?: unknown;
  /** A principal gets no key made for tenants that are not theirs; an operator makes any. */
  readonly createdBy: Principal | Operator;
}

type Checked<T> =
  | { readonly kind: 'good'; readonly value: T }
  | { readonly kind: 'refused'; readonly problems: readonly InputProblem[] };

const namePattern = /^(?=.*\S)[\x20-\x7e]{1,64}$/;
const mostTenants = 500;
const longestLifeMs = 730 * 86_400_000;

/**
 * The draft as a key is made of it, or everything that is wrong with it.
 * @param now epoch milliseconds
 */
export function checkKeyDraft(
  draft: KeyDraft,
  now: number,
): Checked<Pick<ApiKey, 'name' | 'tenants' | 'rights' | 'expiresAt'>> {
  const name = checkName(draft.name);
  const tenants = checkTenants(draft.tenants, draft.createdBy);
  const rights = checkRights(draft.rights);
  const expiry = checkExpiry(draft.expiresAt, now);
  if (name.kind === 'good' && tenants.kind === 'good' && rights.kind === 'good' && expiry.kind === 'good') {
    const content = { name: name.value, tenants: tenants.value, rights: rights.value };
    return good(expiry.value === undefined ? content : { ...content, expiresAt: expiry.value });
  }
  const checks: readonly Checked<unknown>[] = [name, tenants, rights, expiry];
  return refused(checks.flatMap((check) => (check.kind === 'refused' ? check.problems : [])));
}

function checkName(name: unknown): Checked<string> {
  if (typeof name === 'string' && namePattern.test(name)) return good(name);
  return refused([
    {
      field: 'name',
      message: 'must be a text of 1 to 64 printable ASCII characters, not only spaces.',
      recommendation: 'Say in a few words what the key is for, e.g. "nightly export".',
    },
  ]);
}

function checkTenants(tenants: unknown, createdBy: KeyDraft['createdBy']): Checked<ApiKey['tenants']> {
  const checked: Checked<ApiKey['tenants']> = tenants === 'all' ? good('all') : checkTenantIds(tenants);
  if (checked.kind === 'refused' || createdBy.kind === 'operator') return checked;
  if (mayManageKey(createdBy, { tenants: checked.value })) return checked;
  return refused([
    {
      field: 'tenants',
      message: 'goes beyond the tenants whose keys you may manage.',
      recommendation: 'Name only tenants of your own key, which needs the right admin.',
    },
  ]);
}

function checkTenantIds(tenants: unknown): Checked<readonly string[]> {
  const recommendation =
    'Give a list of the tenant ids that connectors are saved with, or the word all for every tenant there is and will be.';
  const problem = (message: string, field = 'tenants') => ({ field, message, recommendation });
  if (!Array.isArray(tenants)) return refused([problem('must be a list or the word all.')]);
  if (tenants.length === 0) return refused([problem('must not be empty.')]);
  if (tenants.length > mostTenants) return refused([problem(`must not hold more than ${mostTenants} ids.`)]);
  const ids = new Set<string>();
  const problems: InputProblem[] = [];
  for (const [index, tenant] of tenants.entries()) {
    if (typeof tenant === 'string' && idProblem(tenant) === undefined) ids.add(tenant);
    // What was given is not repeated: it may be a key, pasted into the wrong field.
    else problems.push(problem('is not the id of a tenant.', `tenants[${index}]`));
  }
  return problems.length === 0 ? good([...ids]) : refused(problems);
}

function checkRights(rights: unknown): Checked<readonly Right[]> {
  const recommendation = `Give a list of ${knownRights.join(', ')}; each of them includes read, and admin includes all.`;
  const problem = (message: string, field = 'rights') => ({ field, message, recommendation });
  if (!Array.isArray(rights)) return refused([problem('must be a list.')]);
  if (rights.length === 0) return refused([problem('must not be empty.')]);
  if (rights.length > knownRights.length)
    return refused([problem('must not hold more rights than there are.')]);
  const problems = rights.flatMap((right: unknown, index) =>
    isRight(right) ? [] : [problem('is not a right.', `rights[${index}]`)],
  );
  // In the order of the table, and each of them once.
  return problems.length === 0
    ? good(knownRights.filter((right) => rights.includes(right)))
    : refused(problems);
}

function checkExpiry(expiresAt: unknown, now: number): Checked<number | undefined> {
  if (expiresAt === undefined) return good(undefined);
  const problem = (message: string) =>
    refused([
      {
        field: 'expiresAt',
        message,
        recommendation: 'Give a time within the next two years, or none for a key that does not expire.',
      },
    ]);
  if (typeof expiresAt !== 'number' || !Number.isInteger(expiresAt)) return problem('must be a time.');
  if (expiresAt <= now) return problem('must be in the future.');
  if (expiresAt > now + longestLifeMs) return problem('must not be more than two years ahead.');
  return good(expiresAt);
}

function good<const T>(value: T): { readonly kind: 'good'; readonly value: T } {
  return { kind: 'good', value };
}

function refused(problems: readonly InputProblem[]): {
  readonly kind: 'refused';
  readonly problems: readonly InputProblem[];
} {
  return { kind: 'refused', problems };
}
