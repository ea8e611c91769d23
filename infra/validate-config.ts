import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StageConfig } from './config.ts';
import { accessProblems } from './validate-access.ts';

interface Range {
  readonly field: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** The services' own limits; outside of them the deployment would fail halfway. */
function ranges(config: StageConfig): readonly Range[] {
  const { api, fanOut, worker } = config;
  return [
    { field: 'landingExpirationDays', value: config.landingExpirationDays ?? 1, min: 1, max: 36_500 },
    { field: 'ledgerDays', value: config.ledgerDays, min: 1, max: 3_650 },
    { field: 'dueShards', value: config.dueShards, min: 1, max: 1_000 },
    { field: 'claimSeconds', value: config.claimSeconds, min: 1, max: 43_200 },
    { field: 'fanOut.memoryMb', value: fanOut.memoryMb, min: 128, max: 10_240 },
    { field: 'fanOut.timeoutSeconds', value: fanOut.timeoutSeconds, min: 1, max: 900 },
    { field: 'api.memoryMb', value: api.memoryMb, min: 128, max: 10_240 },
    { field: 'api.timeoutSeconds', value: api.timeoutSeconds, min: 11, max: 29 },
    { field: 'api.requestsPerMinute', value: api.requestsPerMinute, min: 1, max: 1_000_000 },
    { field: 'api.callsPerSecond', value: api.callsPerSecond, min: 1, max: 10_000 },
    { field: 'worker.memoryMb', value: worker.memoryMb, min: 128, max: 10_240 },
    { field: 'worker.timeoutSeconds', value: worker.timeoutSeconds, min: 1, max: 900 },
    { field: 'worker.leaseSeconds', value: worker.leaseSeconds, min: 1, max: 43_200 },
    { field: 'worker.visibilitySeconds', value: worker.visibilitySeconds, min: 1, max: 43_200 },
    // The worker gives a page up 8 s before its end, and no new one may be begun after that.
    { field: 'worker.deadlineMarginSeconds', value: worker.deadlineMarginSeconds, min: 10, max: 900 },
    { field: 'worker.maxConcurrency', value: worker.maxConcurrency, min: 2, max: 1_000 },
  ];
}

interface Law {
  readonly holds: boolean;
  readonly otherwise: string;
}

/** What keeps two workers off one stream, and a crashed one from blocking it. */
function laws({ claimSeconds, worker }: StageConfig): readonly Law[] {
  const { timeoutSeconds, leaseSeconds, visibilitySeconds, deadlineMarginSeconds } = worker;
  return [
    {
      holds: deadlineMarginSeconds < timeoutSeconds,
      otherwise: `worker.deadlineMarginSeconds (${deadlineMarginSeconds}) must be below worker.timeoutSeconds (${timeoutSeconds}), or a slice has no time to work.`,
    },
    {
      holds: timeoutSeconds < leaseSeconds,
      otherwise: `worker.leaseSeconds (${leaseSeconds}) must be above worker.timeoutSeconds (${timeoutSeconds}), or a stream is taken from a worker that still runs.`,
    },
    {
      holds: leaseSeconds < visibilitySeconds,
      otherwise: `worker.visibilitySeconds (${visibilitySeconds}) must be above worker.leaseSeconds (${leaseSeconds}), or a crashed worker's message comes back while its lease still lives and is dropped.`,
    },
    {
      holds: visibilitySeconds >= 6 * timeoutSeconds,
      otherwise: `worker.visibilitySeconds (${visibilitySeconds}) must be at least 6 x worker.timeoutSeconds (${6 * timeoutSeconds}), or messages that Lambda throttles use up their receives and end in the dead-letter queue.`,
    },
    {
      holds: visibilitySeconds <= claimSeconds,
      otherwise: `claimSeconds (${claimSeconds}) must not be below worker.visibilitySeconds (${visibilitySeconds}), or the fan-out sends a second message while the first one is still on its way.`,
    },
  ];
}

/**
 * Checks a stage's configuration.
 * @throws Error with one sentence per broken rule; nothing is deployed then.
 */
export function validateConfig(config: StageConfig): void {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(config.stage)) {
    problems.push(
      `stage is ${JSON.stringify(config.stage)}: use 1 to 20 lower-case letters, digits and dashes, a letter first.`,
    );
  }
  for (const { field, value, min, max } of ranges(config)) {
    if (!Number.isInteger(value) || value < min || value > max) {
      problems.push(`${field} is ${value}: use a whole number from ${min} to ${max}.`);
    }
  }
  if (RetentionDays[config.logRetentionDays] === undefined) {
    problems.push(`logRetentionDays is ${config.logRetentionDays}: use a member of RetentionDays.`);
  }
  if (config.consoleHostSuffixes.length === 0) {
    problems.push('consoleHostSuffixes is empty: name at least one, for example ".sentinelone.net".');
  }
  for (const suffix of config.consoleHostSuffixes) {
    // Two labels at least: ".net" alone would send tokens to anybody who owns a domain there.
    if (!/^(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?){2,}$/.test(suffix)) {
      problems.push(
        `consoleHostSuffixes holds ${JSON.stringify(suffix)}: use a lower-case domain of at least two labels with a leading dot, for example ".sentinelone.net".`,
      );
    }
  }
  problems.push(...accessProblems(config.api));
  for (const law of laws(config)) {
    if (!law.holds) problems.push(law.otherwise);
  }
  if (problems.length > 0) {
    throw new Error(
      `Stage ${config.stage} in infra/config.ts:\n${problems.map((line) => `- ${line}`).join('\n')}`,
    );
  }
}
