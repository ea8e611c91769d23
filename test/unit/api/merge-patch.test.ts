import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergePatch } from '../../../shared/api/merge-patch.ts';

/** The examples of RFC 7396, appendix A, whose target and patch are objects. */
it.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('of %j and %j is %j', (target, patch, result) => {
  expect(mergePatch(target, patch)).toStrictEqual(result);
});

it('applied twice is the same as once, and an empty patch is nothing', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const once = mergePatch(target, patch);
      expect(mergePatch(once, patch)).toEqual(once);
      expect(mergePatch(target, {})).toEqual(target);
    }),
  );
});

it('takes a name for a name, also one that objects have from the beginning', () => {
  const patch = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}');
  const merged = mergePatch({}, patch);
  expect(JSON.stringify(merged)).toBe('{"__proto__":{"admin":true},"constructor":1}');
  expect(Reflect.get(merged, 'admin')).toBeUndefined();
});
