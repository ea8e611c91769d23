import { stageConfig } from '../infra/config.ts';
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
} from './cost.ts';
import type { IdleTick } from './idle-tick.ts';
import type { MillionRecords } from './million-records.ts';
import priceList from './prices.json' with { type: 'json' };

/** Dollars of one kind of use, with the largest parts of it. */
export interface Dollars {
  readonly of: string;
  readonly usd: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly pricesOf: string;
}

/** What a console takes to answer a page, as seen on real ones. */
const pageMs = 600;
/** Beside the page: the worker's own calls and CPU for a tick without records. */
const idleOverheadMs = 100;
const fanOutMs = 150;
/** One slice's log line and Lambda's own three. */
const logBytesPerSlice = 1_200;
const contentTypes = 8;
const intervalSeconds = 300;
/** Of work and of actions. Lambda polls a queue with five long polls of 20 s, whether anything is in it or not. */
const queues = 2;
const pollsPerMonth = (queues * 5 * 30 * 86_400) / 20;
/** In which actions stand, whatever `dueShards` says. */
const actionShards = 1;

const { worker, fanOut, dueShards } = stageConfig('prod');
/** Lambda gives a whole core at 1,769 MB. */
const workerCores = worker.memoryMb / 1_769;

/** A million records of 2 KB of one stream, read at a stretch. Storage is not in it. */
export function dollarsPerMillion(run: MillionRecords): Dollars {
  const pages = run.records / 1_000;
  const wallMs = Math.max(pages * pageMs, run.cpuMs / workerCores);
  // The first and the last write of a slice move the stream in the due index, its commits do not.
  const movingWrites = 2 * run.slices;
  const pacingWrites = pages / 20;
  const usage: Usage = {
    ...noUsage,
    lambdaRequests: run.slices,
    lambdaGbSeconds: lambdaGbSeconds(wallMs, worker.memoryMb),
    sqsRequests: 3 * run.slices,
    dynamoWriteUnits:
      (run.stateWrites - movingWrites) * writeUnits(1_024, false) +
      movingWrites * writeUnits(1_024, true) +
      pacingWrites,
    // The stream at a slice's start, and the pause of the console once a second.
    dynamoReadUnits: run.slices + (0.5 * wallMs) / 1_000,
    s3Puts: run.puts,
    secretReads: run.slices,
    logBytes: run.slices * logBytesPerSlice,
  };
  return dollars('1,000,000 records of 2 KB in two indices', times(usage, 1_000_000 / run.records));
}

/** A month of a tenant with eight content types every five minutes, in which nothing happens. */
export function dollarsPerIdleTenantMonth(tick: IdleTick): Dollars {
  const perTick: Usage = {
    ...noUsage,
    lambdaRequests: 1,
    lambdaGbSeconds: lambdaGbSeconds(pageMs + idleOverheadMs, worker.memoryMb),
    sqsRequests: 3,
    dynamoWriteUnits: tick.stateWrites * writeUnits(tick.itemBytes, true),
    // The stream, consistent, and the pause, which may be a moment old.
    dynamoReadUnits: 1.5,
    logBytes: logBytesPerSlice,
  };
  const ticks = times(perTick, contentTypes * runsPerMonth(intervalSeconds));
  // One secret, read again every five minutes by the worker that needs it.
  const secret: Usage = { ...noUsage, secretMonths: 1, secretReads: runsPerMonth(intervalSeconds) };
  return dollars('an idle tenant, 8 content types every 5 minutes, for a month', plus(ticks, secret));
}

/** What the deployment costs in a month without any tenant. */
export function dollarsPerDeploymentMonth(): Dollars {
  const runs = runsPerMonth(60);
  const usage: Usage = {
    ...noUsage,
    schedulerInvocations: runs,
    lambdaRequests: runs,
    lambdaGbSeconds: runs * lambdaGbSeconds(fanOutMs, fanOut.memoryMb),
    // One query for each partition of the due index.
    dynamoReadUnits: runs * 0.5 * (dueShards + actionShards),
    sqsRequests: pollsPerMonth,
    alarmMonths: 4,
    logBytes: runs * logBytesPerSlice,
  };
  return dollars('the deployment itself, for a month', usage);
}

function dollars(of: string, usage: Usage): Dollars {
  const cost = costOf(usage);
  const round = (usd: number) => Number(usd.toPrecision(3));
  const parts = Object.entries(cost)
    .filter(([, usd]) => usd > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([part, usd]) => [part, round(usd)]);
  return { of, usd: round(totalOf(cost)), parts: Object.fromEntries(parts), pricesOf: priceList.date };
}
