import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';

const rewritten = (text: string) => JSON.stringify(parseLossless(text));

describe('parseLossless', () => {
  it('keeps the 19-digit ids that activities carry as numbers', () => {
    const text =
      '{"data":[{"id":"1392053568582758391","data":{"scopeId":1392053568582758390,"ruleId":-1392053568582758389,"n":7}}]}';
    expect(rewritten(text)).toBe(text);
    expect(JSON.stringify(JSON.parse(text))).not.toBe(text);
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890123456789012345678901234567890',
    '1152921504606846976',
    '0.12345678901234567890',
    '123456789012345.678901',
    '1e400',
    '-1E400',
    '1e-400',
    '9007199254740993.0',
    '9007199254740993e1',
    '0.00000000000000000000000000000000000001234567890123456789',
  ])('keeps %s as it is written, in every position', (number) => {
    const text = `[${number},{"a":${number},"b":[[${number}]]},"${number}",${number}]`;
    expect(rewritten(text)).toBe(text);
    expect(rewritten(number)).toBe(number);
    expect(JSON.isRawJSON(parseLossless(number))).toBe(true);
    expect(rewritten(` \n[ \t${number} \r\n, 1 ]`)).toBe(`[${number},1]`);
  });

  it.each([
    ['0', 0],
    ['-7', -7],
    ['7.5', 7.5],
    ['1.10', 1.1],
    ['1e3', 1000],
    ['1.0E+2', 100],
    ['1.2e-7', 1.2e-7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', 9007199254740992],
    ['1665685062605', 1665685062605],
    ['1665685062.6052290', 1665685062.605229],
    ['0.1000000000000000', 0.1],
    ['0.0000000000000000', 0],
    ['0e999', 0],
    ['1e21', 1e21],
    ['100000000000000000000', 1e20],
    ['5e-324', 5e-324],
    ['1.7976931348623157e308', Number.MAX_VALUE],
  ])('leaves %s the plain number that it is', (text, value) => {
    expect(parseLossless(text)).toBe(value);
    expect(parseLossless(`{"a":[${text}]}`)).toEqual({ a: [value] });
  });

  it('leaves digits in strings and keys alone', () => {
    const text = '{"1392053568582758390":"1392053568582758390",": 1392053568582758390":", 1e999 "}';
    expect(parseLossless(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '{"__proto__":{"id":1}}',
    '{"__proto__":{"id":1392053568582758390},"constructor":{"prototype":null}}',
  ])('takes %s as data', (text) => {
    const value = parseLossless(text);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toBe(text);
  });

  it.each([
    '',
    '{',
    '[1392053568582758390',
    '{"a":01392053568582758390}',
    'NaN',
    "{'a':1}",
    '[1392053568582758390.]',
    '{1392053568582758390:1}',
    '{"a":1, 1392053568582758390 : 1}',
    '{"a":1392053568582758390 : 1}',
    '{"a":01392053568582758390,"a":1}',
    '["a" 1392053568582758390]',
    '["a"1392053568582758390]',
    '[1392053568582758390"a"]',
  ])('refuses %j', (text) => {
    expect(() => parseLossless(text)).toThrow(SyntaxError);
  });

  it('tells its raw numbers from objects that look like them', () => {
    expect(JSON.isRawJSON({ rawJSON: '1' })).toBe(false);
    expect(JSON.isRawJSON(JSON.parse('{"rawJSON":"1"}'))).toBe(false);
    expect(JSON.isRawJSON(1)).toBe(false);
    expect(JSON.isRawJSON(null)).toBe(false);
  });

  it('keeps numbers beside strings that hold what looks like a bare one', () => {
    const text =
      '{"a":"ids: [1392053568582758391, 1392053568582758392 ] 1e400","b":1392053568582758393,"c":[":1392053568582758394,"]}';
    expect(rewritten(text)).toBe(text);
  });

  it.each(['\\u0001', '\\u00010', '\\u0001\\u0001', '\\u0001\\u00010', '\\\\u00010'])(
    'does not take a string of the vendor, %s, for a number that it has set aside',
    (string) => {
      const text = `{"a":"${string}","b":1392053568582758391}`;
      expect(rewritten(text)).toBe(text);
    },
  );

  it('takes the last of several fields of one name, as the plain parser does', () => {
    expect(rewritten('{"a":1392053568582758391,"a":1392053568582758392}')).toBe('{"a":1392053568582758392}');
    expect(rewritten('{"a":1392053568582758391,"a":1}')).toBe('{"a":1}');
  });

  it('keeps a number at any depth', () => {
    const text = `${'['.repeat(50_000)}1392053568582758391${']'.repeat(50_000)}`;
    let value = parseLossless(text);
    while (Array.isArray(value)) value = value[0];
    expect(value).toEqual(JSON.rawJSON('1392053568582758391'));
  });

  it('does not slow down on long runs of digits', () => {
    const digits = '10'.repeat(500_000);
    expect(rewritten(`["${digits}",${digits}]`)).toBe(`["${digits}",${digits}]`);
  });
});

/** Number texts as JSON allows them, many of them beyond a double. */
const numberText = fc
  .record({
    minus: fc.constantFrom('', '-'),
    whole: fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,24}$/)),
    fraction: fc.option(fc.stringMatching(/^\d{1,24}$/), { nil: undefined }),
    exponent: fc.option(fc.stringMatching(/^[eE][+-]?\d{1,3}$/), { nil: undefined }),
  })
  .map(({ minus, whole, fraction, exponent }) => {
    return `${minus}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent ?? ''}`;
  });

const space = fc.constantFrom('', ' ', '\n', '\t\r\n');
/** Strings that look like JSON with big numbers. */
const stringText = fc
  .oneof(
    fc.string(),
    fc.tuple(fc.constantFrom(': ', ',', '[', ''), numberText).map((parts) => parts.join('')),
  )
  .map((text) => JSON.stringify(text));

const { jsonText } = fc.letrec<{ jsonText: string }>((tie) => ({
  jsonText: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(numberText, stringText, fc.constantFrom('null', 'true', 'false')),
    fc
      .array(fc.tuple(space, tie('jsonText'), space))
      .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
    fc
      .array(fc.tuple(space, stringText, space, fc.constant(':'), space, tie('jsonText'), space))
      // Keys of their own, because of equal ones the last wins, and none that are numbers, which move to the front.
      .map((items) =>
        items.map(([before, key, ...rest], index) => [before, `"k${index} ${key.slice(1)}`, ...rest]),
      )
      .map((items) => `{${items.map((item) => item.join('')).join(',')}}`),
  ),
}));

/** The text cut into its tokens, by other means than a JSON parser. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Exact: a decimal as an integer and a power of ten. */
function exactDecimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  let mantissa = BigInt(`${whole}${fraction}`);
  let power = Number(exponent) - fraction.length;
  if (mantissa === 0n) return '0';
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    power += 1;
  }
  return `${sign}${mantissa}e${power}`;
}

describe('parseLossless, for any JSON text', () => {
  it('changes no number: what is written back has the same value, digit by digit where a double cannot hold it', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const before = text.match(tokens) ?? [];
        const after = rewritten(text).match(tokens) ?? [];
        expect(after.length).toBe(before.length);
        before.forEach((token, index) => {
          const other = after[index] ?? '';
          if (token.startsWith('"')) expect(other).toBe(JSON.stringify(JSON.parse(token)));
          else expect(exactDecimal(other)).toBe(exactDecimal(token));
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('is JSON.parse in everything but those numbers, and stable', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const value = parseLossless(text);
        const once = JSON.stringify(value);
        expect(JSON.stringify(JSON.parse(once))).toBe(JSON.stringify(JSON.parse(text)));
        expect(rewritten(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the parser with a reviver, also for a text that was damaged anywhere', () => {
    const damage = fc.constantFrom('', '"', '\\', ':', ',', ' ', '[', '}', '7', '-', 'e', '.', '\\u0001');
    fc.assert(
      fc.property(jsonText, fc.nat(), fc.nat(3), damage, (text, at, cut, inserted) => {
        const start = at % (text.length + 1);
        const damaged = `${text.slice(0, start)}${inserted}${text.slice(start + cut)}`;
        expect(outcomeOf(() => rewritten(damaged))).toBe(outcomeOf(() => revived(damaged)));
      }),
      { numRuns: 3000 },
    );
  });
});

/** By handing every value to a reviver: slow, and easy to see through. */
function revived(text: string): string {
  return JSON.stringify(
    JSON.parse(text, (_name: string, value: unknown, context?: { source?: string }) => {
      const source = context?.source;
      if (typeof value !== 'number' || source === undefined) return value;
      const exact = Number.isFinite(value) && exactDecimal(source) === exactDecimal(String(value));
      return exact ? value : JSON.rawJSON(source);
    }),
  );
}

function outcomeOf(parse: () => string): string {
  try {
    return parse();
  } catch (error) {
    return error instanceof SyntaxError ? 'no JSON' : String(error);
  }
}

describe('a text made to be slow', () => {
  it('takes no longer for a long row of one escape', () => {
    const row = '\\u0001'.repeat(200_000);
    expect(parseLossless(`{"a":"${row}","n":12345678901234567890}`)).toMatchObject({
      a: '\u0001'.repeat(200_000),
    });
  });
});
