import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from '../../../shared/api/csv.ts';
import { readCsv } from './read-csv.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1', " '=1"],
  ['\t=1', "\t'=1"],
  ['\tx', '\tx'],
  ["a;=cmd|'/c calc'!A1;b", "a;'=cmd|'/c calc'!A1;b"],
  ['a; -1;@b', "a; '-1;'@b"],
  ['a\r\n=1', `"a\r\n'=1"`],
  ['a\t+1', "a\t'+1"],
  ['＝1', "'＝1"],
  ['=HYPERLINK("http://a","b")', `"'=HYPERLINK(""http://a"",""b"")"`],
  ['==1', "'==1"],
  ['a=b', 'a=b'],
  ['LAPTOP-1', 'LAPTOP-1'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  [undefined, ''],
])('writes %j as %s', (field, text) => {
  expect(csvLine([field, 'x'])).toBe(`${text},x\r\n`);
});

it('what was written is what is read, and no cell begins like a formula, wherever a spreadsheet cuts', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '+', '-', '@', ' ', 'a', "'", ';') }),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 4 }), (rows) => {
      const read = readCsv(rows.map(csvLine).join(''));
      expect(read.map((row) => row.length)).toEqual(rows.map((row) => row.length));
      for (const [i, row] of read.entries()) {
        for (const [j, text] of row.entries()) {
          for (const part of text.split(/[;\t\r\n]/)) expect(part).not.toMatch(/^\s*[=+\-@]/);
          expect(text.replaceAll("'", '')).toBe(rows[i]?.[j]?.replaceAll("'", ''));
        }
      }
    }),
  );
});
