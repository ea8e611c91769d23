import { hasRight, type Right } from './rights.ts';

/** Whom a call of the control API comes from, and what they may do. */
export interface Principal {
  /** What they have proved it with: an API key, a token of the configured issuer, or an AWS signature. */
  readonly kind: 'key' | 'jwt' | 'iam';
  /** The key's id, the token's subject, or the ARN of the IAM user or role. */
  readonly id: string;
  /** For people who read it in a list or a log; not unique. */
  readonly name: string;
  readonly rights: readonly Right[];
  /** Tenant ids; `all` also means those that do not exist yet. */
  readonly tenants: readonly string[] | 'all';
}

/** True where the principal may see what belongs to the tenant, and may know that it exists. */
export function maySee({ tenants }: Pick<Principal, 'tenants'>, tenant: string): boolean {
  return tenants === 'all' || tenants.includes(tenant);
}

/**
 * True where the principal may create, see and revoke a key for these tenants: only an admin, and only for tenants that
 * they may see themselves. Otherwise the admin of one tenant could make a key for all of them.
 */
export function mayManageKey(
  principal: Pick<Principal, 'rights' | 'tenants'>,
  key: Pick<Principal, 'tenants'>,
): boolean {
  if (!hasRight(principal, 'admin')) return false;
  if (key.tenants === 'all') return principal.tenants === 'all';
  return key.tenants.every((tenant) => maySee(principal, tenant));
}
