import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../shared/filters/pattern/parse-pattern.ts';
import { mostTextLength, Pattern } from '../../../shared/filters/pattern/pattern.ts';

/** Patterns that JavaScript's own engine takes as well; small, because that one may need exponential time. */
const { pattern } = fc.letrec<{ pattern: string; sequence: string; repeated: string; single: string }>(
  (tie) => ({
    pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
    sequence: fc.array(tie('repeated'), { maxLength: 4 }).map((parts) => parts.join('')),
    repeated: fc.oneof(
      { weight: 3, arbitrary: tie('single') },
      { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B') },
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            tie('single'),
            fc.constantFrom('?', '*', '+', '{2}', '{1,}', '{0,2}', '{1,3}', '{0}', '*?', '+?', '??'),
          )
          .map((parts) => parts.join('')),
      },
    ),
    single: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'groups' },
      fc.constantFrom('a', 'b', 'B', '1', ' ', 'é', 'K', '😀', '-', '\\.', '\\\\', '\\n', '\\/', '.'),
      fc.constantFrom(
        '\\d',
        '\\w',
        '\\s',
        '\\D',
        '\\W',
        '\\S',
        '[ab]',
        '[^ab]',
        '[a-c1]',
        '[\\d-]',
        '[^\\w\\s]',
        '[é-ü😀]',
      ),
      tie('pattern').map((inner) => `(${inner})`),
      tie('pattern').map((inner) => `(?:${inner})`),
    ),
  }),
);

const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'B',
      '1',
      ' ',
      '.',
      '\\',
      '\n',
      '-',
      '/',
      'é',
      'É',
      'K',
      'ſ',
      'k',
      '😀',
      '\ud83d',
    ),
    {
      maxLength: 8,
    },
  )
  .map((characters) => characters.join(''));

/** From each character on; V8 by itself also begins between the halves of one, which no standard asks for. */
function findsIn(text: string, sticky: RegExp): boolean {
  let at = 0;
  for (const character of [...text, '']) {
    sticky.lastIndex = at;
    if (sticky.test(text)) return true;
    at += character.length;
  }
  return false;
}

describe('a pattern', () => {
  it.each([false, true])('matches what JavaScript matches, ignoreCase %s', (ignoreCase) => {
    fc.assert(
      fc.property(
        pattern.filter((source) => source !== '' && source.length <= 60),
        fc.array(text, { minLength: 1, maxLength: 6 }),
        (source, texts) => {
          const own = new Pattern(source, ignoreCase);
          const theirs = new RegExp(source, ignoreCase ? 'iuy' : 'uy');
          expect(texts.map((each) => own.test(each))).toStrictEqual(
            texts.map((each) => findsIn(each, theirs)),
          );
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['^C:\\\\Users\\\\[^\\\\]+\\\\AppData\\\\', 'C:\\Users\\bob\\AppData\\x.exe', true],
    ['^lab-\\d{2,4}$', 'lab-1', false],
    ['^lab-\\d{2,4}$', 'lab-1234', true],
    ['\\bpsexec(64)?\\.exe\\b', 'run psexec64.exe now', true],
    ['\\bpsexec(64)?\\.exe\\b', 'mypsexec.exe', false],
    ['a|^$', '', true],
    ['(?:)*x', 'yx', true],
  ])('%s on %s: %s', (source, on, expected) => {
    expect(new Pattern(source, false).test(on)).toBe(expected);
  });

  it.each(['(a+)+$', '^(a|a)*$', '^(a*)*b', '(.*)*x', '(?:a?){50}a{50}$'])(
    'takes the same time for %s as for any other',
    (source) => {
      // An engine that goes back would not be done before the sun burns out.
      expect(new Pattern(source, false).test(`${'a'.repeat(8_000)}!`)).toBe(false);
    },
  );

  it('looks at the beginning of a long text only, and takes its cut for no end', () => {
    const long = `${'x'.repeat(mostTextLength)}y`;
    expect(new Pattern('y', false).test(long)).toBe(false);
    expect(new Pattern('x$', false).test(long)).toBe(false);
    expect(new Pattern('x\\b', false).test(long)).toBe(false);
    expect(new Pattern('x$', false).test(long.slice(0, mostTextLength))).toBe(true);
    expect(new Pattern('x😀', false).test(`${'x'.repeat(mostTextLength - 1)}😀`)).toBe(true);
  });

  it.each([
    ['', /is empty/],
    ['a'.repeat(201), /201 characters/],
    ['(a', /"\(" without/],
    ['a)', /"\)" without/],
    ['[a', /"\[" without/],
    ['[b-a]', /ranges/],
    ['[\\b]', /in a class/],
    ['*a', /nothing before/],
    ['a**', /two repetitions/],
    ['^*', /anchor/],
    ['a{', /begins no/],
    ['a{2,1}', /n below m/],
    ['a{101}', /more than 100 times/],
    ['a{999999999}', /more than 100 times/],
    ['}', /lone "}"/],
    [']', /lone "]"/],
    ['(?=a)', /"\(\?" group/],
    ['(?<!a)', /"\(\?" group/],
    ['(?<n>a)', /"\(\?" group/],
    ['(a)\\1', /refers back/],
    ['\\k<n>', /refers back/],
    ['\\p{L}', /not known here/],
    ['\\-', /not known here/],
    ['a\\', /ends with/],
    ['((a{100}){100}){100}', /too large/],
    ['a{100}'.repeat(5), /too large/],
  ])('refuses %s', (source, message) => {
    expect(() => new Pattern(source, false)).toThrow(message);
  });

  it('judges any text that is given for a pattern, and is of the language that JavaScript reads', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40, unit: fc.constantFrom(...'ab1^$\\.*+?()[]{},|-:=!d') }),
        (source) => {
          let isRead = true;
          try {
            parsePattern(source);
          } catch (error) {
            expect((error as Error).name).toBe('PatternError');
            isRead = false;
          }
          if (isRead) expect(() => new RegExp(source, 'u')).not.toThrow();
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
