import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageText } from '../../../shared/connectivity/age.ts';
import { failed } from '../../../shared/connectivity/finding.ts';
import { grantedBy, responsePermissions } from '../../../shared/connectivity/response-permissions.ts';
import { shortText } from '../../../shared/connectivity/short-text.ts';
import { ConnectorError } from '../../../shared/errors.ts';
import { errorFromResponse } from '../../../shared/sentinelone/error-from-response.ts';

describe('an age', () => {
  it.each([
    [-5_000, 'less than a minute old'],
    [0, 'less than a minute old'],
    [59_999, 'less than a minute old'],
    [60_000, '1 minute old'],
    [3 * 60_000, '3 minutes old'],
    [3_599_999, '59 minutes old'],
    [3_600_000, '1 hour old'],
    [86_399_999, '23 hours old'],
    [86_400_000, '1 day old'],
    [400 * 86_400_000, '400 days old'],
  ])('of %i ms is %s', (ms, words) => {
    expect(ageText(ms)).toBe(words);
  });
});

describe('a finding', () => {
  it('holds none of the words of the console, whatever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), fc.string({ minLength: 12 }), (status, detail) => {
        const body = Buffer.from(
          JSON.stringify({ errors: [{ code: status * 10_000 + 10, detail: `#${detail}#` }] }),
        );
        const error = errorFromResponse({ request: 'GET /x', status, body }, { now: 0, secrets: [] });
        const finding = failed(error);
        expect(finding.detail).toMatch(/^GET \/x: [^#]* \(HTTP \d{3}, code \d{7}\)\.$/);
        expect(finding.status).toBe(status);
      }),
    );
  });

  it('says to run the test again where the failure may pass by itself', () => {
    const details = { code: 'c', message: 'm.', health: 'internal', recommendation: 'Do it.' } as const;
    const of = (retryable: boolean) => failed(new ConnectorError({ ...details, retryable }));
    expect(of(true)).toEqual({
      ok: false,
      code: 'c',
      detail: 'm.',
      recommendation: 'Do it. Then run the test again.',
    });
    expect(of(false).recommendation).toBe('Do it.');
  });
});

describe('a text of the console', () => {
  it('is short, on one line, and without the token', () => {
    expect(shortText({ a: { b: ' x\n\u0000 y ' } }, 't', 'a', 'b')).toBe('x y');
    expect(shortText('of my-own-token', 'my-own-token')).toBe('of ***');
    expect(shortText('ab '.repeat(100), 't')).toHaveLength(120);
    expect(shortText(null, 't')).toBeUndefined();
  });
});

describe('what a role grants', () => {
  const page = (name: string, identifier: string, ...permissions: Record<string, string | boolean>[]) => ({
    pages: [{ name, identifier, permissions }],
  });
  it.each([
    ['by name and identifier', page('Threats', 't', { identifier: 'kill', title: 'K', value: true }), 'yes'],
    ['by identifier and title', page('T', 'threats', { identifier: 'k', title: 'Kill', value: true }), 'yes'],
    ['by one identifier', page('T', 't', { identifier: 'Threats.kill', value: true }), 'yes'],
    ['by one in camel case', page('T', 't', { identifier: 'threatsKill', value: true }), 'yes'],
    ['and refuses', page('Threats', 'threats', { identifier: 'kill', title: 'Kill', value: false }), 'no'],
    ['and does not say', page('Threats', 'threats', { identifier: 'kill', title: 'Kill' }), 'no'],
    ['on another page', page('Endpoints', 'endpoints', { identifier: 'kill', value: true }), 'unknown'],
    ['nowhere', {}, 'unknown'],
  ])('is told %s', (_, role, granted) => {
    expect(grantedBy([role])('Threats.kill')).toBe(granted);
  });

  it('is what any of several roles grants', () => {
    const no = page('Threats', 'threats', { identifier: 'kill', value: false });
    const yes = page('Threats', 'threats', { identifier: 'kill', value: true });
    expect([grantedBy([no, yes]), grantedBy([yes, no])].map((granted) => granted('Threats.kill'))).toEqual([
      'yes',
      'yes',
    ]);
  });

  it('is asked for by names with a page and a verb', () => {
    for (const permission of responsePermissions.flatMap(({ permissions }) => permissions))
      expect(permission).toMatch(/^[A-Z][A-Za-z ]+\.[A-Za-z]+$/);
  });
});
