import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { booleanAt, decimalAt, firstTextAt, integerAt } from '../../../shared/records/json-fields.ts';

describe('a field that is a number', () => {
  it.each<[Json, number | undefined, number | undefined]>([
    [443, 443, 443],
    ['443', 443, 443],
    [' 443 ', 443, 443],
    ['7.50', undefined, 7.5],
    [7.5, undefined, 7.5],
    [-1, -1, undefined],
    ['9007199254740993', undefined, undefined],
    [JSON.rawJSON('18446744073709551616'), undefined, undefined],
    ['0x10', undefined, undefined],
    ['1e3', undefined, undefined],
    ['', undefined, undefined],
    ['None', undefined, undefined],
    [true, undefined, undefined],
    [[443], undefined, undefined],
    [null, undefined, undefined],
  ])('is read from %j', (value, integer, decimal) => {
    expect(integerAt({ value }, 'value')).toBe(integer);
    expect(decimalAt({ value }, 'value')).toBe(decimal);
  });
});

describe('a field that is a boolean', () => {
  it.each<[Json, boolean | undefined]>([
    [true, true],
    ['True', true],
    ['true', true],
    [false, false],
    [' FALSE', false],
    ['yes', undefined],
    [1, undefined],
    [null, undefined],
    [['true'], undefined],
  ])('is read from %j', (value, boolean) => {
    expect(booleanAt({ value }, 'value')).toBe(boolean);
  });
});

it('takes the first field that has a text', () => {
  expect(firstTextAt({ a: '', b: null, c: 'None', d: 7, e: 'x' }, 'a', 'b', 'c', 'toString', 'd', 'e')).toBe(
    '7',
  );
  expect(firstTextAt({}, 'a')).toBeUndefined();
});
