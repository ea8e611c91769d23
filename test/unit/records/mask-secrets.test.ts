import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, type Json } from '../../../shared/json.ts';
import { maskSecrets } from '../../../shared/records/mask-secrets.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';

const secret = 'invented-secret';

describe('what is masked', () => {
  it.each([
    'registrationToken',
    'registration_token',
    'apiToken',
    'token',
    'tokens',
    'licenseKey',
    'licence-key',
    'LICENSE_KEY',
    'passphrase',
    'password',
    'uninstallPassword',
    'clientSecret',
    'apiKey',
    'api key',
    'privateKey',
    'secretKey',
    'passcode',
  ])('is the value of %s', (name) => {
    expect(maskSecrets({ [name]: secret, other: secret })).toEqual({ [name]: '(masked)', other: secret });
  });

  it.each(['tokenId', 'passwordPolicy', 'hasPassphrase1', 'keyboard', 'key', 'publicKey', 'secretary'])(
    'is not the value of %s',
    (name) => {
      const value = { [name]: secret };
      expect(maskSecrets(value)).toBe(value);
    },
  );

  it.each<[string, Json]>([
    ['null', null],
    ['an empty text', ''],
    ['spaces', '  '],
    ['the word None', 'None'],
    ['a boolean', true],
    ['an empty list', []],
    ['an empty object', {}],
    ['what is masked already', '(masked)'],
  ])('is nothing where there is nothing to give away: %s', (_name, value) => {
    const object = { apiToken: value };
    expect(maskSecrets(object)).toBe(object);
  });

  it.each<[string, Json, Json]>([
    ['a number', 4711, '(masked)'],
    ['a big number', JSON.rawJSON('12345678901234567890'), '(masked)'],
    ['a list', ['a', '', null, 7], ['(masked)', '', null, '(masked)']],
    [
      'an object',
      { value: 'a', expires: { at: 'b' }, active: true },
      { value: '(masked)', expires: { at: '(masked)' }, active: true },
    ],
  ])('is everything under the name of a secret: %s', (_name, value, expected) => {
    expect(maskSecrets({ list: [{ apiToken: value }] })).toEqual({ list: [{ apiToken: expected }] });
  });

  it('is a secret wherever it is', () => {
    const value = [{ a: [[{ registrationToken: secret }]] }, { b: { c: { password: secret } } }];
    expect(JSON.stringify(maskSecrets(value))).not.toContain(secret);
  });

  it('is a secret below more levels than JSON can be written', () => {
    const deep = parseLossless(`${'['.repeat(50_000)}{"apiToken":"${secret}"}${']'.repeat(50_000)}`);
    let inner = maskSecrets(deep);
    while (Array.isArray(inner)) inner = inner[0];
    expect(inner).toEqual({ apiToken: '(masked)' });
  });
});

describe('what is not masked', () => {
  it('is left as it is, digit by digit and in its order', () => {
    const text =
      '{"z":12345678901234567890,"7":1e400,"__proto__":{"a":[-9223372036854775808]},"apiToken":"s"}';
    expect(JSON.stringify(maskSecrets(parseLossless(text)))).toBe(
      JSON.stringify(parseLossless(text)).replace('"s"', '"(masked)"'),
    );
  });

  it.each<[string, Json]>([
    ['a text', 'token'],
    ['null', null],
    ['a number', 7],
    ['a big number', JSON.rawJSON('12345678901234567890')],
    ['a list of texts', ['apiToken', secret]],
  ])('is a value without names: %s', (_name, value) => {
    expect(maskSecrets(value)).toBe(value);
  });
});

const names = fc.constantFrom(
  'a',
  'name',
  'registrationToken',
  'licenseKey',
  'password',
  '__proto__',
  '0',
  'token',
);
const leaves = fc.oneof(
  fc.constantFrom<Json[]>(secret, '', null, true, 0, '(masked)'),
  fc.bigInt().map((big) => JSON.rawJSON(String(big))),
  fc.string(),
);
const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    leaves,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((fields) => {
      // By its text, so that a field `__proto__` is one.
      const text = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
      return parseLossless(`{${text.join(',')}}`);
    }),
  ),
}));

describe('every value', () => {
  it('keeps its shape: names, lists, and everything that is no secret', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expectSameShape(maskSecrets(value), value, false);
      }),
    );
  });

  it('is masked once and for all', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const masked = maskSecrets(value);
        expect(maskSecrets(masked)).toBe(masked);
      }),
    );
  });

  it('is itself where nothing is masked, and is never changed', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const before = JSON.stringify(value);
        const masked = maskSecrets(value);
        expect(JSON.stringify(value)).toBe(before);
        if (JSON.stringify(masked) === before) expect(masked).toBe(value);
      }),
    );
  });
});

/** A second, slower way to say what is secret. */
function expectSameShape(masked: Json | undefined, value: Json | undefined, secretBelow: boolean): void {
  if (Array.isArray(value)) {
    expect(Array.isArray(masked) ? masked.length : undefined).toBe(value.length);
    value.forEach((item, index) => {
      expectSameShape(Object(masked)[index], item, secretBelow);
    });
  } else if (isObject(value)) {
    expect(Object.keys(Object(masked))).toEqual(Object.keys(value));
    for (const [name, child] of Object.entries(value)) {
      const isSecret = ['registrationToken', 'licenseKey', 'password', 'token'].includes(name);
      expectSameShape(Object.getOwnPropertyDescriptor(masked, name)?.value, child, secretBelow || isSecret);
    }
  } else {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const isBlank =
      value === null || value === undefined || typeof value === 'boolean' || /^(\s*|None)$/.test(text);
    expect(masked).toEqual(secretBelow && !isBlank ? '(masked)' : value);
  }
}
