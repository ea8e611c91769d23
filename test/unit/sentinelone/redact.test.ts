import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../shared/sentinelone/redact.ts';

describe('redact', () => {
  it.each([
    ['Invalid token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln given', 'Invalid token *** given'],
    ['Authorization: ApiToken abc123', 'Authorization: ApiToken ***'],
    ['header "Bearer abc.d3f" refused', 'header "Bearer ***" refused'],
    ['url /threats?apiToken=abc123&limit=1', 'url /threats?apiToken=***&limit=1'],
    ['{"apiToken":"abc123"}', '{"apiToken":"***"}'],
    [`hash ${'a1'.repeat(20)}.`, 'hash ***.'],
    ['0f'.repeat(16), '***'],
    [`${'Zm9v'.repeat(10)}==`, '***'],
    ['limit: Must be between 1 and 1000.', 'limit: Must be between 1 and 1000.'],
    ['threat 1392053568582758390 not found', 'threat 1392053568582758390 not found'],
    ['Authentication Failed', 'Authentication Failed'],
    ['The token expired, the password is wrong', 'The token expired, the password is wrong'],
    ['password: hunter', 'password: ***'],
  ])('%j becomes %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('masks the given secrets whatever they look like', () => {
    expect(redact('for x.y-z, not xyz', ['x.y-z', ''])).toBe('for ***, not xyz');
  });

  it('leaves no run of 32 letters or digits anywhere', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9+/_=-]{32,90}$/);
    fc.assert(
      fc.property(fc.string(), token, fc.string(), (before, secret, after) => {
        expect(redact(`${before}${secret}${after}`)).not.toMatch(/[A-Za-z0-9]{32}/);
      }),
    );
  });
});
