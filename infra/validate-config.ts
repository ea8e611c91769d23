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
  const { api, fanOut, outcomes, worker } = config;
  return [
    { field: 'landingExpirationDays', value: config.landingExpirationDays ?? 1, min: 1, max: 36_500 },
    { field: 'ledgerDays', value: config.ledgerDays, min: 1, max: 3_650 },
    { field: 'actionDays', value: config.actionDays, min: 1, max: 3_650 },
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
    { field: 'outcomes.memoryMb', value: outcomes.memoryMb, min: 128, max: 10_240 },
    // A command is sent 32 s before the end at the latest, and what it is for has to be looked at before.
    { field: 'outcomes.timeoutSeconds', value: outcomes.timeoutSeconds, min: 45, max: 900 },
    { field: 'outcomes.leaseSeconds', value: outcomes.leaseSeconds, min: 1, max: 43_200 },
    { field: 'outcomes.visibilitySeconds', value: outcomes.visibilitySeconds, min: 1, max: 43_200 },
    { field: 'outcomes.claimSeconds', value: outcomes.claimSeconds, min: 1, max: 43_200 },
    { field: 'outcomes.maxConcurrency', value: outcomes.maxConcurrency, min: 2, max: 1_000 },
  ];
}

interface Law {
  readonly holds: boolean;
  readonly otherwise: string;
}

/** What keeps two off one stream or action, and one that has crashed from blocking it. */
function laws(config: StageConfig): readonly Law[] {
  const { claimSeconds, outcomes, worker } = config;
  const { timeoutSeconds, visibilitySeconds, deadlineMarginSeconds } = worker;
  return [
    {
      holds: deadlineMarginSeconds < timeoutSeconds,
      otherwise: `worker.deadlineMarginSeconds (${deadlineMarginSeconds}) must be below worker.timeoutSeconds (${timeoutSeconds}), or a slice has no time to work.`,
    },
    ...consumerLaws('worker', 'a stream', config),
    {
      holds: visibilitySeconds <= claimSeconds,
      otherwise: `claimSeconds (${claimSeconds}) must not be below worker.visibilitySeconds (${visibilitySeconds}), or the fan-out sends a second message while the first one is still on its way.`,
    },
    ...consumerLaws('outcomes', 'an action', config),
    {
      holds: outcomes.leaseSeconds <= outcomes.claimSeconds,
      otherwise: `outcomes.claimSeconds (${outcomes.claimSeconds}) must not be below outcomes.leaseSeconds (${outcomes.leaseSeconds}), or the fan-out sends a second message while somebody still works on the first one.`,
    },
  ];
}

/** For each of the two functions that take messages off a queue. */
function consumerLaws(name: 'worker' | 'outcomes', what: string, config: StageConfig): readonly Law[] {
  const { timeoutSeconds, leaseSeconds, visibilitySeconds } = config[name];
  return [
    {
      holds: timeoutSeconds < leaseSeconds,
      otherwise: `${name}.leaseSeconds (${leaseSeconds}) must be above ${name}.timeoutSeconds (${timeoutSeconds}), or ${what} is taken from a run that has not ended.`,
    },
    {
      holds: leaseSeconds < visibilitySeconds,
      otherwise: `${name}.visibilitySeconds (${visibilitySeconds}) must be above ${name}.leaseSeconds (${leaseSeconds}), or the message of a run that crashed comes back while its lease still lives and is dropped.`,
    },
    {
      holds: visibilitySeconds >= 6 * timeoutSeconds,
      otherwise: `${name}.visibilitySeconds (${visibilitySeconds}) must be at least 6 x ${name}.timeoutSeconds (${6 * timeoutSeconds}), or messages that Lambda throttles use up their receives and end in the dead-letter queue.`,
    },
  ];
}

/** Two labels at least: ".net" alone would send tokens, or what happens at a tenant, to anybody who owns a domain there. */
function suffixProblems(field: string, suffixes: readonly string[], example: string): readonly string[] {
  return suffixes
    .filter((suffix) => !/^(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?){2,}$/.test(suffix))
    .map(
      (suffix) =>
        `${field} holds ${JSON.stringify(suffix)}: use a lower-case domain of at least two labels with a leading dot, for example ${JSON.stringify(example)}.`,
    );
}

/** Of what exists outside of the stack. */
function nameProblems({ eventBusName, alarmTopicArn }: StageConfig): readonly string[] {
  const problems: string[] = [];
  // The pattern of PutEvents for a name; an ARN would be another account's bus, which the grant does not cover.
  if (!/^[A-Za-z0-9._/-]{1,256}$/.test(eventBusName)) {
    problems.push(
      `eventBusName is ${JSON.stringify(eventBusName)}: use the name of a bus of this account and region, for example "default".`,
    );
  }
  // A FIFO topic takes no alarms.
  if (
    alarmTopicArn !== undefined &&
    !/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/.test(alarmTopicArn)
  ) {
    problems.push(
      `alarmTopicArn is ${JSON.stringify(alarmTopicArn)}: use the ARN of a standard SNS topic, for example "arn:aws:sns:eu-central-1:111122223333:alarms".`,
    );
  }
  return problems;
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
  problems.push(...suffixProblems('consoleHostSuffixes', config.consoleHostSuffixes, '.sentinelone.net'));
  problems.push(...suffixProblems('callbackHostSuffixes', config.callbackHostSuffixes, '.soar.example.com'));
  problems.push(...nameProblems(config));
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
