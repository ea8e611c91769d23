import { describe, expect, it } from 'vitest';
import { mayManageKey, maySee } from '../../../shared/access/principal.ts';

const admin = { rights: ['admin'] as const, tenants: ['acme', 'globex'] };

describe('a principal', () => {
  it.each([
    ['all', 'acme', true],
    [['acme', 'globex'], 'globex', true],
    [['acme'], 'acme-2', false],
    [['acme'], 'ACME', false],
    [['all'], 'acme', false],
    [[], 'acme', false],
  ] as const)('of %j asked for %s: %s', (tenants, tenant, expected) => {
    expect(maySee({ tenants }, tenant)).toBe(expected);
  });

  it.each([
    ['fewer tenants', admin, ['acme'], true],
    ['the same tenants', admin, ['globex', 'acme'], true],
    ['one tenant more', admin, ['acme', 'initech'], false],
    ['all tenants', admin, 'all', false],
    ['all tenants by an admin of all', { ...admin, tenants: 'all' }, 'all', true],
    ['a tenant by an admin of all', { ...admin, tenants: 'all' }, ['initech'], true],
    ['a tenant without the right', { ...admin, rights: ['read', 'test', 'respond'] }, ['acme'], false],
    ['all tenants without the right', { rights: ['respond'], tenants: 'all' }, 'all', false],
  ] as const)('manages a key for %s', (_, principal, tenants, expected) => {
    expect(mayManageKey(principal, { tenants })).toBe(expected);
  });
});
