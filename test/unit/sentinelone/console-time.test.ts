import { describe, expect, it } from 'vitest';
import { parseConsoleTime } from '../../../shared/sentinelone/console-time.ts';

describe('a time stamp of the console', () => {
  it.each([
    ['2022-04-06T08:27:14Z', '2022-04-06T08:27:14.000Z'],
    ['2022-04-06T08:27:14.5Z', '2022-04-06T08:27:14.500Z'],
    ['2022-04-06T08:27:14.00Z', '2022-04-06T08:27:14.000Z'],
    ['2022-04-06T08:27:14.123456Z', '2022-04-06T08:27:14.123Z'],
    ['2022-04-06T08:27:14.999999999Z', '2022-04-06T08:27:14.999Z'],
    ['2022-04-06T08:27:14.123999+02:00', '2022-04-06T06:27:14.123Z'],
    ['2022-04-06T08:27:14-0530', '2022-04-06T13:57:14.000Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
  ])('%s is %s: digits below the millisecond are cut', (text, time) => {
    expect(parseConsoleTime(text)).toBe(Date.parse(time));
  });

  it.each([
    null,
    1665685062605,
    '',
    '2022-04-06',
    '2022-04-06T08:27:14',
    '2022-04-06 08:27:14Z',
    '2022-04-06T08:27:14.Z',
    '2022-04-06T08:27:14.1234567890Z',
    '2022-13-06T08:27:14Z',
    '2022-04-06T25:27:14Z',
    ' 2022-04-06T08:27:14Z',
    '2022-04-06T08:27:14Z (GMT)',
  ])('is not %j', (value) => {
    expect(parseConsoleTime(value)).toBeUndefined();
  });
});
