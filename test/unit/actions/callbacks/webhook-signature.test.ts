import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sign, verifySignature } from '../../../../shared/actions/callbacks/webhook-signature.ts';

const now = Date.parse('2026-11-24T12:00:00.900Z');
const seconds = Math.floor(now / 1000);
const secret = 'whsec_00112233445566778899aabbccddeeff';
const secrets = fc.stringMatching(/^whsec_[a-f0-9]{32}$/);
const texts = fc.string({ unit: 'grapheme', maxLength: 200 });

describe('the signature of a webhook', () => {
  it('is HMAC-SHA256 over the time and the body, with the whole secret', () => {
    const hex = createHmac('sha256', secret).update(`${seconds}.{"id":"é"}`, 'utf8').digest('hex');
    expect(sign(secret, '{"id":"é"}', now)).toBe(`t=${seconds},v1=${hex}`);
  });

  it('is good for what was signed, within the tolerance', () => {
    fc.assert(
      fc.property(
        secrets,
        texts,
        fc.nat({ max: 4e12 }),
        fc.integer({ min: -300, max: 300 }),
        (key, body, at, late) => {
          const header = sign(key, body, at);
          expect(verifySignature(key, header, body, at + late * 1000, 300)).toBe(true);
        },
      ),
    );
  });

  it('is no good for anything else', () => {
    fc.assert(
      fc.property(secrets, secrets, texts, texts, fc.nat({ max: 1e9 }), (key, other, body, changed, at) => {
        fc.pre(key !== other && body !== changed);
        const header = sign(key, body, at * 1000);
        expect(verifySignature(key, header, changed, at * 1000, 300)).toBe(false);
        expect(verifySignature(other, header, body, at * 1000, 300)).toBe(false);
        // The time is signed as well.
        const later = header.replace(/^t=\d+/, `t=${at + 1}`);
        expect(verifySignature(key, later, body, at * 1000, 300)).toBe(false);
      }),
    );
  });

  it('is no good with any of its letters changed', () => {
    fc.assert(
      fc.property(secrets, texts, fc.nat(), fc.stringMatching(/^[ -~]$/), (key, body, place, letter) => {
        const header = sign(key, body, now);
        const index = place % header.length;
        fc.pre(header[index] !== letter);
        const changed = header.slice(0, index) + letter + header.slice(index + 1);
        expect(verifySignature(key, changed, body, now, 300)).toBe(false);
      }),
    );
  });

  it.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('that is %i seconds old: %s', (age, isGood) => {
    expect(verifySignature(secret, sign(secret, 'body', now), 'body', now + age * 1000, 300)).toBe(isGood);
  });

  it.each([
    '',
    't=,v1=',
    `t=${seconds}`,
    `v1=${'0'.repeat(64)}`,
    `t=${seconds},v1=`,
    `t=${seconds},v1=${'0'.repeat(63)}`,
    `t=${seconds},v1=${'0'.repeat(66)}`,
    `t=-1,v1=${'0'.repeat(64)}`,
    `t=1e9,v1=${'0'.repeat(64)}`,
    `t=${seconds},v1=${'z'.repeat(64)}`,
    `t=${seconds},v1=${'é'.repeat(32)}`,
  ])('is refused, and does not throw: %j', (header) => {
    expect(verifySignature(secret, header, 'body', now, 300)).toBe(false);
  });

  it('may be one of several, and stand beside later schemes', () => {
    const [time = '', good = ''] = sign(secret, 'body', now).split(',');
    const bad = `v1=${'0'.repeat(64)}`;
    expect(verifySignature(secret, [time, bad, good].join(','), 'body', now, 300)).toBe(true);
    expect(verifySignature(secret, [time, 'v2=x', good].join(', '), 'body', now, 300)).toBe(true);
    expect(verifySignature(secret, [time, good.replace('v1', 'v2')].join(','), 'body', now, 300)).toBe(false);
  });
});
