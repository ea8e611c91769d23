import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { derivedLine, recordLine } from '../../../shared/records/record-line.ts';

const tooDeep = nested(100_000);

describe('the line of a derived record', () => {
  it('ends with the very text of the record, from the first field on that nothing but common ones follow', () => {
    const shared = { path: 'C:\\\\a' };
    const record = { record_uid: 'a', severity: 1, shared, last: 2 };
    const derived = { record_uid: 'b', severity: 2, shared, last: 2 };
    const line = '{"record_uid":"a","severity":1,"shared":"as it stands in the line","last":2}';
    expect(derivedLine(derived, record, line)).toBe(
      '{"record_uid":"b","severity":2,"shared":"as it stands in the line","last":2}',
    );
  });

  it.each([
    ['nothing is in common', { a: 1 }, { b: 2 }],
    ['everything is in common', { a: 1 }, { a: 1 }],
    ['only the beginning is in common', { a: 1, b: 2 }, { a: 1, b: 3 }],
    ['the record is the end of the derived one', { b: 2 }, { a: 1, b: 2 }],
    ['the derived one is the end of the record', { a: 1, b: 2 }, { b: 2 }],
    ['the common end is without a value', { a: 1, b: undefined }, { a: 2, b: undefined }],
    ['the beginning is without a value', { a: undefined, b: 1 }, { a: 2, b: 1 }],
    ['a name is a number, which comes first', { a: 1, 7: 1, b: 1 }, { 7: 1, a: 2, b: 1 }],
    ['a field is named __proto__', JSON.parse('{"a":1,"__proto__":7}'), JSON.parse('{"a":2,"__proto__":7}')],
    ['the common end is too deep', { a: 1, deep: tooDeep, z: 1 }, { a: 2, deep: tooDeep, z: 1 }],
    ['its beginning is too deep', { a: 1, z: 1 }, { deep: tooDeep, z: 1 }],
    [
      'what is too deep was moved',
      { a: 1, deep: tooDeep, z: 1 },
      { a: 1, moved: { deep: tooDeep }, deep: 1, z: 1 },
    ],
    [
      'the record had a reason already',
      { normalization_error: 'first', deep: tooDeep, z: 1 },
      { normalization_error: 'first', b: 1, deep: tooDeep, z: 1 },
    ],
  ])('is the whole record where %s', (_case, record, derived) => {
    expect(derivedLine(derived, record, recordLine(record))).toBe(recordLine(derived));
  });
});

function nested(depth: number): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
