import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IamGrant } from '../shared/access/iam.ts';
import type { JwtSettings } from '../shared/access/jwt.ts';
import { validateConfig } from './validate-config.ts';

/** Everything that may differ between two deployments. Seconds, days and megabytes are in the names. */
export interface StageConfig {
  /** Part of the stack's name and of every secret's name, so two stages can share an account. */
  readonly stage: string;
  /** True: neither a deleted stack nor a removed construct takes the lake, the state or the logs with it. False: they go too, once the bucket is empty. */
  readonly retainData: boolean;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly logRetentionDays: RetentionDays;
  /** Absent: the landing zone keeps its objects for ever. */
  readonly landingExpirationDays?: number;
  /** How long a closed window's ledger entry is kept. */
  readonly ledgerDays: number;
  /** How long a response action is kept in the state table, with its trail. The trail is in the lake as well. */
  readonly actionDays: number;
  /** The only hosts a worker may talk to are those whose name ends in one of these. Lower case, leading dot. */
  readonly consoleHostSuffixes: readonly string[];
  /** The only hosts that are told of response actions by a webhook; none: nobody is. Lower case, leading dot. */
  readonly callbackHostSuffixes: readonly string[];
  /** The EventBridge bus of this account and region that is told of response actions. */
  readonly eventBusName: string;
  /** An SNS topic that is told of alarms. Absent: alarms are seen in CloudWatch only. */
  readonly alarmTopicArn?: string;
  /** Partitions of the due index. May grow later, must never shrink: streams stay in the partition they got. */
  readonly dueShards: number;
  /** How long the fan-out leaves a stream to the worker before it counts the message as lost and sends another. */
  readonly claimSeconds: number;
  readonly fanOut: {
    readonly memoryMb: number;
    readonly timeoutSeconds: number;
  };
  /** The control API. */
  readonly api: {
    readonly memoryMb: number;
    /** API Gateway waits 29 seconds. */
    readonly timeoutSeconds: number;
    /** Calls of one API key in a minute, over all functions. */
    readonly requestsPerMinute: number;
    /** What the gateway lets through of all callers together; twice as much for a moment. */
    readonly callsPerSecond: number;
    /** API Gateway writes access logs by a role of the whole account and region. True: the stack sets it, in the place of any other. False where somebody else has. */
    readonly setsAccountLogRole: boolean;
    /** Tokens of this issuer are taken besides API keys. */
    readonly jwt?: JwtSettings;
    /** Roles and users that may call with their AWS signature. With any, the gateway takes signed calls only. */
    readonly iam: readonly IamGrant[];
  };
  readonly worker: {
    readonly memoryMb: number;
    readonly timeoutSeconds: number;
    /** How long a worker owns the stream that it took. */
    readonly leaseSeconds: number;
    /** How long a message stays hidden from the other workers. */
    readonly visibilitySeconds: number;
    /** What a slice leaves of its timeout to save its progress and to ask for its continuation. */
    readonly deadlineMarginSeconds: number;
    /** Slices of work at the same time, over all tenants. */
    readonly maxConcurrency: number;
  };
  /** Goes on with response actions: sends them, and looks what has become of them. */
  readonly outcomes: {
    readonly memoryMb: number;
    readonly timeoutSeconds: number;
    /** How long an action belongs to whoever took it: this function, or the API right after it was asked for. */
    readonly leaseSeconds: number;
    /** How long a message stays hidden from the others. */
    readonly visibilitySeconds: number;
    /** How long the fan-out waits before it counts the message of an action as lost and sends another. */
    readonly claimSeconds: number;
    /** Actions at the same time, over all tenants. */
    readonly maxConcurrency: number;
  };
}

const prod: StageConfig = {
  stage: 'prod',
  retainData: true,
  logLevel: 'INFO',
  logRetentionDays: RetentionDays.THREE_MONTHS,
  ledgerDays: 400,
  actionDays: 400,
  consoleHostSuffixes: ['.sentinelone.net'],
  callbackHostSuffixes: [],
  eventBusName: 'default',
  dueShards: 8,
  claimSeconds: 900,
  fanOut: { memoryMb: 1024, timeoutSeconds: 120 },
  api: {
    memoryMb: 512,
    timeoutSeconds: 29,
    requestsPerMinute: 600,
    callsPerSecond: 50,
    setsAccountLogRole: true,
    iam: [],
  },
  worker: {
    memoryMb: 512,
    timeoutSeconds: 120,
    leaseSeconds: 150,
    visibilitySeconds: 720,
    deadlineMarginSeconds: 20,
    maxConcurrency: 50,
  },
  outcomes: {
    memoryMb: 512,
    timeoutSeconds: 60,
    leaseSeconds: 90,
    visibilitySeconds: 360,
    claimSeconds: 120,
    maxConcurrency: 20,
  },
};

const dev: StageConfig = {
  ...prod,
  stage: 'dev',
  retainData: false,
  logLevel: 'DEBUG',
  logRetentionDays: RetentionDays.ONE_WEEK,
  worker: { ...prod.worker, maxConcurrency: 5 },
  outcomes: { ...prod.outcomes, maxConcurrency: 5 },
};

const stages: readonly StageConfig[] = [prod, dev];

/**
 * The configuration of a stage, checked.
 * @param name what `-c stage=<name>` said; undefined is `prod`.
 * @throws Error that names the unknown stage, or every field that breaks a rule.
 */
export function stageConfig(name: unknown): StageConfig {
  const config = stages.find(({ stage }) => stage === (name ?? prod.stage));
  if (config === undefined) {
    const known = stages.map(({ stage }) => `-c stage=${stage}`).join(' or ');
    throw new Error(`Unknown stage ${JSON.stringify(name)}: use ${known}, or add it to infra/config.ts.`);
  }
  validateConfig(config);
  return config;
}

/** Connectors' secrets are called `<prefix>/<tenant>/<connector>`. */
export function secretPrefix(config: StageConfig): string {
  return `sentinel-lake/${config.stage}`;
}
