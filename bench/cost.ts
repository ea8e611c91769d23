import priceList from './prices.json' with { type: 'json' };

/** What was used of each thing that AWS charges for. Counts, unless the name says a unit. */
export interface Usage {
  readonly lambdaRequests: number;
  /** See `lambdaGbSeconds`. */
  readonly lambdaGbSeconds: number;
  /** Every call, whatever it carries: ten messages in one batch are one request. */
  readonly sqsRequests: number;
  /** See `writeUnits`. */
  readonly dynamoWriteUnits: number;
  /** Of 4 KB; an eventually consistent read, as every query of an index, costs half. */
  readonly dynamoReadUnits: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  readonly s3GbMonths: number;
  readonly alarmMonths: number;
  readonly schedulerInvocations: number;
  readonly secretReads: number;
  readonly secretMonths: number;
  readonly logBytes: number;
}

/** Dollars for each part of a usage. */
export type Cost = { readonly [Part in keyof Usage]: number };

/** Nothing used; a starting point for a usage of a few things. */
export const noUsage: Usage = {
  lambdaRequests: 0,
  lambdaGbSeconds: 0,
  sqsRequests: 0,
  dynamoWriteUnits: 0,
  dynamoReadUnits: 0,
  s3Puts: 0,
  s3Gets: 0,
  s3GbMonths: 0,
  alarmMonths: 0,
  schedulerInvocations: 0,
  secretReads: 0,
  secretMonths: 0,
  logBytes: 0,
};

const parts = Object.keys(noUsage) as readonly (keyof Usage)[];

/** Runs of a stream in a month of 30 days. */
export function runsPerMonth(intervalSeconds: number): number {
  return (30 * 86_400) / intervalSeconds;
}

/** What so many times the usage is. */
export function times(usage: Usage, factor: number): Usage {
  return mapParts((part) => usage[part] * factor);
}

export function plus(a: Usage, b: Usage): Usage {
  return mapParts((part) => a[part] + b[part]);
}

/** Dollars by the price list of `prices.json`, without free tiers. */
export function costOf(usage: Usage): Cost {
  return mapParts((part) => (usage[part] / priceList.prices[part].per) * priceList.prices[part].usd);
}

export function totalOf(cost: Cost): number {
  return parts.reduce((sum, part) => sum + cost[part], 0);
}

/**
 * Write units of one write of a stream's item: one for each begun kilobyte of the item, whatever part of it changed, and
 * where `nextDueAt` changed two more for the index, which deletes its entry and puts another.
 * @param itemBytes the larger of the item before and after
 */
export function writeUnits(itemBytes: number, movesInDueIndex: boolean): number {
  return Math.ceil(itemBytes / 1024) + (movesInDueIndex ? 2 : 0);
}

/** Of one invocation; Lambda rounds its duration up to a whole millisecond. */
export function lambdaGbSeconds(durationMs: number, memoryMb: number): number {
  return (Math.ceil(durationMs) / 1000) * (memoryMb / 1024);
}

function mapParts(value: (part: keyof Usage) => number): { [Part in keyof Usage]: number } {
  return Object.fromEntries(parts.map((part) => [part, value(part)])) as { [Part in keyof Usage]: number };
}
