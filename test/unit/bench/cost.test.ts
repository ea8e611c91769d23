import { describe, expect, it } from 'vitest';
import {
  costOf,
  lambdaGbSeconds,
  noUsage,
  plus,
  runsPerMonth,
  times,
  totalOf,
  type Usage,
  writeUnits,
} from '../../../bench/cost.ts';
import priceList from '../../../bench/prices.json' with { type: 'json' };

const million: Usage = {
  lambdaRequests: 1_000_000,
  lambdaGbSeconds: 1_000_000,
  sqsRequests: 1_000_000,
  dynamoWriteUnits: 1_000_000,
  dynamoReadUnits: 1_000_000,
  s3Puts: 1_000_000,
  s3Gets: 1_000_000,
  s3GbMonths: 1_000_000,
  alarmMonths: 1_000_000,
  schedulerInvocations: 1_000_000,
  secretReads: 1_000_000,
  secretMonths: 1_000_000,
  logBytes: 1_000_000,
};

describe('the cost of a usage', () => {
  it('is each part by its own price', () => {
    const cost = costOf(million);
    expect(cost.lambdaRequests).toBeCloseTo(0.2);
    expect(cost.lambdaGbSeconds).toBeCloseTo(13.3334);
    expect(cost.sqsRequests).toBeCloseTo(0.5);
    expect(cost.dynamoWriteUnits).toBeCloseTo(0.625);
    expect(cost.dynamoReadUnits).toBeCloseTo(0.125);
    expect(cost.s3Puts).toBeCloseTo(5);
    expect(cost.s3Gets).toBeCloseTo(0.4);
    expect(cost.s3GbMonths).toBeCloseTo(23_000);
    expect(cost.alarmMonths).toBeCloseTo(100_000);
    expect(cost.schedulerInvocations).toBeCloseTo(1);
    expect(cost.secretReads).toBeCloseTo(5);
    expect(cost.secretMonths).toBeCloseTo(400_000);
    expect(cost.logBytes).toBeCloseTo(0.5 * (1_000_000 / 1024 ** 3), 9);
  });

  it('sums up every part', () => {
    expect(totalOf(costOf({ ...noUsage, s3Puts: 1_000, dynamoWriteUnits: 2_000_000 }))).toBeCloseTo(1.255);
    expect(totalOf(costOf(noUsage))).toBe(0);
  });

  it('has a price for each part and no other', () => {
    expect(Object.keys(priceList.prices).sort()).toStrictEqual(Object.keys(noUsage).sort());
  });
});

describe('a usage', () => {
  it('of an idle stream is that of one run, as often as it runs in a month', () => {
    const run = { ...noUsage, lambdaRequests: 1, dynamoWriteUnits: 9 };
    expect(runsPerMonth(300)).toBe(8_640);
    expect(times(run, 8 * runsPerMonth(300))).toStrictEqual({
      ...noUsage,
      lambdaRequests: 69_120,
      dynamoWriteUnits: 622_080,
    });
  });

  it('can be put together', () => {
    expect(plus({ ...noUsage, s3Puts: 1, s3Gets: 2 }, { ...noUsage, s3Gets: 3 })).toStrictEqual({
      ...noUsage,
      s3Puts: 1,
      s3Gets: 5,
    });
  });
});

describe('write units', () => {
  it.each([
    [200, false, 1],
    [1024, false, 1],
    [1025, false, 2],
    [900, true, 3],
    [1100, true, 4],
  ])('of an item of %i bytes, moved in the index: %s, are %i', (bytes, moves, units) => {
    expect(writeUnits(bytes, moves)).toBe(units);
  });
});

describe('GB-seconds', () => {
  it('are of whole milliseconds', () => {
    expect(lambdaGbSeconds(99.2, 512)).toBeCloseTo(0.05);
    expect(lambdaGbSeconds(1_000, 1_024)).toBe(1);
  });
});
