import path from 'node:path';
import type { RunningServer } from './aws-json-server.ts';
import { startDynamoDb } from './dynamodb/start-dynamodb.ts';
import { startEventBridge } from './event-bridge/start-event-bridge.ts';
import { startSecretsManager } from './secrets-manager/start-secrets-manager.ts';
import { type SqsS3Options, startSqsS3 } from './sqs-s3/start-sqs-s3.ts';

/** The AWS services of the embedded mode, running in this process. */
export interface Emulators {
  /** `http://127.0.0.1:PORT` of each; SQS and S3 share a port. */
  readonly endpoints: {
    readonly sqs: string;
    readonly s3: string;
    readonly dynamodb: string;
    readonly secretsManager: string;
    readonly eventBridge: string;
  };
  /** Where the events are kept, for `readEvents`. */
  readonly eventFile: string;
  /** Environment that points any AWS SDK v3 client at the emulators. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers what was asked already, then frees ports, sockets, timers and files. */
  close(): Promise<void>;
}

/** Starts SQS and S3, in this process or in another one. */
export type StartSqsS3 = (options: SqsS3Options) => Promise<RunningServer>;

/**
 * Starts SQS, S3, DynamoDB, Secrets Manager and EventBridge on free ports of 127.0.0.1. All they acknowledge is in
 * `stateDir` and in the buckets' directories, and there again at the next start, also after a `kill -9`.
 * @throws Error in one sentence when the state belongs to another process, region or account, or cannot be read.
 */
export async function startEmulators(options: {
  readonly stateDir: string;
  /** Bucket name to the directory of its plain object files; other buckets are refused. */
  readonly buckets: Readonly<Record<string, string>>;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** In this process unless given. */
  readonly startSqsS3?: StartSqsS3 | undefined;
}): Promise<Emulators> {
  const { stateDir, region, accountId } = options;
  const started: RunningServer[] = [];
  const close = async () => {
    while (started.length > 0) await started.pop()?.close();
  };
  try {
    // First, because LevelDB is the one that refuses a directory which another process has open: a second start is
    // stopped here, before it touches the files of the first.
    const dynamodb = await startDynamoDb({ directory: path.join(stateDir, 'dynamodb'), region, accountId });
    started.push(dynamodb);
    const secretsManager = await startSecretsManager({
      file: path.join(stateDir, 'secrets.json'),
      region,
      accountId,
    });
    started.push(secretsManager);
    const eventFile = path.join(stateDir, 'events.ndjson');
    const eventBridge = await startEventBridge({ file: eventFile, region, accountId });
    started.push(eventBridge);
    const queueDirectory = path.join(stateDir, 'sqs');
    const start = options.startSqsS3 ?? startSqsS3;
    const sqsS3 = await start({ queueDirectory, buckets: options.buckets, region, accountId });
    started.push(sqsS3);
    return {
      endpoints: {
        sqs: sqsS3.url,
        s3: sqsS3.url,
        dynamodb: dynamodb.url,
        secretsManager: secretsManager.url,
        eventBridge: eventBridge.url,
      },
      eventFile,
      environment: {
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_SQS: sqsS3.url,
        AWS_ENDPOINT_URL_S3: sqsS3.url,
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
        AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.url,
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
