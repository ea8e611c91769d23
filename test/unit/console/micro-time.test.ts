import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicros, parseMicros } from '../../../local/console/world/micro-time.ts';
import { parseDuration } from '../../../shared/connectors/duration.ts';

describe('parseMicros', () => {
  it.each([
    ['2018-02-27T04:49:26.257525Z', Date.UTC(2018, 1, 27, 4, 49, 26) * 1_000 + 257_525],
    ['2022-04-06T08:27:14Z', Date.UTC(2022, 3, 6, 8, 27, 14) * 1_000],
    ['2022-04-06T08:27:14.5Z', Date.UTC(2022, 3, 6, 8, 27, 14) * 1_000 + 500_000],
    ['2022-04-06T10:27:14+02:00', Date.UTC(2022, 3, 6, 8, 27, 14) * 1_000],
    ['2022-04-06T05:57:14-02:30', Date.UTC(2022, 3, 6, 8, 27, 14) * 1_000],
  ])('reads %s', (text, us) => {
    expect(parseMicros(text)).toBe(us);
  });

  it.each([
    '',
    'yesterday',
    '2022-04-06',
    '2022-04-06T08:27:14',
    '2026-02-30T00:00:00Z',
    '2022-04-06T08:27:14.1234567Z',
    '1649233634000',
  ])('refuses %j', (text) => {
    expect(parseMicros(text)).toBeUndefined();
  });

  it('reads back every time that formatMicros writes with six digits', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e15 }), (us) => parseMicros(formatMicros(us)) === us));
  });
});

describe('formatMicros', () => {
  const us = Date.UTC(2026, 0, 2, 3, 4, 5) * 1_000 + 60_700;
  it.each([
    [0, '2026-01-02T03:04:05Z'],
    [2, '2026-01-02T03:04:05.06Z'],
    [3, '2026-01-02T03:04:05.060Z'],
    [6, '2026-01-02T03:04:05.060700Z'],
  ] as const)('writes %i fraction digits', (digits, text) => {
    expect(formatMicros(us, digits)).toBe(text);
  });

  it('agrees with Date on every millisecond', () => {
    const anyMs = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(fc.property(anyMs, (ms) => formatMicros(ms * 1_000, 3) === new Date(ms).toISOString()));
  });
});

describe('parseDuration', () => {
  it.each([
    ['45s', 45_000],
    ['90m', 5_400_000],
    ['6h', 21_600_000],
    ['2d', 172_800_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '6', 'h', '6 h', '-6h', '1.5h', '6w', '6h30m', `${'9'.repeat(20)}d`])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
