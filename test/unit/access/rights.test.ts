import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRight, isRight, type Right, rights } from '../../../shared/access/rights.ts';

/** What each right alone gives: read, test, respond, admin. */
const alone: Readonly<Record<Right, readonly boolean[]>> = {
  read: [true, false, false, false],
  test: [true, true, false, false],
  respond: [true, false, true, false],
  admin: [true, true, true, true],
};

describe('rights', () => {
  const holdings = Array.from({ length: 2 ** rights.length }, (_, bits) =>
    rights.filter((_, i) => (bits >> i) % 2 === 1),
  );

  it.each(holdings.map((held) => ({ held })))(
    '$held give what each of them gives, and no more',
    ({ held }) => {
      const given = rights.map((right) => hasRight({ rights: held }, right));
      const expected = rights.map((_, i) => held.some((right) => alone[right][i]));
      expect(given).toStrictEqual(expected);
    },
  );

  it('are known by their exact names and nothing else', () => {
    expect(rights.every(isRight)).toBe(true);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isRight(value)).toBe(
          typeof value === 'string' && ['read', 'test', 'respond', 'admin'].includes(value),
        );
      }),
    );
    for (const near of ['Read', 'read ', 'constructor', '__proto__', ['read']])
      expect(isRight(near)).toBe(false);
  });
});
