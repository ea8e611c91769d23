import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createDynamoActionStore } from '../../shared/aws/dynamo-action-store.ts';
import { type StartSqsS3, startEmulators } from '../emulators/start-emulators.ts';
import { LambdaFunction } from '../lambda-host/lambda-function.ts';
import { bucketNames, type FunctionModel, modelStack, type QueueModel } from '../template/stack-model.ts';
import { readSynthesizedStack } from '../template/template.ts';
import { abandonLeases } from './abandon-leases.ts';
import { type AwsClients, createAwsClients } from './aws-clients.ts';
import { createResources } from './create-resources.ts';
import { startEventSource } from './event-source.ts';
import { startHttpGateway } from './http-gateway.ts';
import { startSchedule } from './schedule.ts';

export interface StackOptions {
  readonly stateDir: string;
  readonly assemblyDir: string;
  /** Added to every function's environment; the only difference to the deployed stack. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  /** Something failed inside that has nobody else to tell. */
  readonly onError: (error: unknown) => void;
  /** In this process unless given; the soak has it elsewhere, to kill it alone. */
  readonly startSqsS3?: StartSqsS3;
}

/** The stack on this machine, and what the command needs to know of its functions' environment. */
export interface EmbeddedStack {
  readonly clients: AwsClients;
  readonly table: string;
  readonly dueShards: number;
  readonly secretPrefix: string;
  readonly lakeDir: string;
  readonly workQueueUrl: string;
  readonly functions: readonly LambdaFunction[];
  /** Serves the control API on 127.0.0.1 until `quiesce`. Rejects where the port is taken. */
  serve(port: number): Promise<string>;
  /** Messages of all queues that nobody could work on. */
  deadLetters(): Promise<number>;
  /** Starts schedule and event sources; before it nothing moves. */
  run(): void;
  /** Stops schedule and workers, with a moment for the work in progress to end. The stores can still be read. */
  quiesce(): Promise<void>;
  /** Closes everything. */
  close(): Promise<void>;
}

const account = { region: 'us-east-1', accountId: '000000000000' };

/**
 * Processes of a function that takes messages. More would only fight for the cores of one machine; response actions have their
 * own, so that they need not wait for slices of a backlog.
 */
const mostAtOnce = { worker: 4, outcomes: 2 };
const graceMs = 3_000;

/** Builds the synthesized stack on this machine. The caller holds the state directory's lock. */
export async function startStack(options: StackOptions): Promise<EmbeddedStack> {
  const { stateDir, onError } = options;
  const synthesized = await readSynthesizedStack(options.assemblyDir);
  const [lakeBucket, ...others] = bucketNames(synthesized);
  if (lakeBucket === undefined || others.length > 0) {
    throw new Error(
      `The template has ${others.length + 1} buckets; the embedded mode keeps files for exactly one.`,
    );
  }
  const lakeDir = path.join(stateDir, 'lake');
  const logDir = path.join(stateDir, 'logs');
  await mkdir(logDir, { recursive: true });
  const emulators = await startEmulators({
    ...account,
    stateDir,
    buckets: { [lakeBucket]: lakeDir },
    startSqsS3: options.startSqsS3,
  });
  const clients = createAwsClients(emulators, account.region);
  const queueUrl = (name: string) => `${emulators.endpoints.sqs}/${account.accountId}/${name}`;
  const model = modelStack(synthesized, account, queueUrl);
  await createResources(model, clients);

  const functions = new Map<string, LambdaFunction>();
  for (const functionModel of model.functions) {
    const environment = { ...functionModel.environment, ...options.extraEnvironment };
    functions.set(
      functionModel.arn,
      new LambdaFunction({
        model: { ...functionModel, environment },
        awsEnvironment: emulators.environment,
        logDir,
      }),
    );
  }
  const functionOf = (arn: string) => {
    const found = functions.get(arn);
    if (found === undefined) throw new Error(`The template has no function ${arn}.`);
    return found;
  };
  const { STATE_TABLE, SECRET_PREFIX, QUEUE_URL } = environmentOf(model.functions, 'worker', [
    'STATE_TABLE',
    'SECRET_PREFIX',
    'QUEUE_URL',
  ]);
  const { DUE_SHARDS } = environmentOf(model.functions, 'fan-out', ['DUE_SHARDS']);
  const { ACTION_DAYS } = environmentOf(model.functions, 'outcomes', ['ACTION_DAYS']);
  const state = { client: clients.documents, table: STATE_TABLE };
  const actions = createDynamoActionStore({ ...state, retentionMs: Number(ACTION_DAYS) * 86_400_000 });
  await abandonLeases({ ...state, actions }, Date.now());

  const running: { stop(): Promise<void> }[] = [];
  let stopped: Promise<void> | undefined;
  return {
    clients,
    table: STATE_TABLE,
    dueShards: Number(DUE_SHARDS),
    secretPrefix: SECRET_PREFIX,
    lakeDir,
    workQueueUrl: QUEUE_URL,
    functions: [...functions.values()],
    async serve(port) {
      const gateway = await startHttpGateway({
        target: functionOf(serviceOf(model.functions, 'api').arn),
        port,
        onError,
      });
      running.push(gateway);
      return gateway.url;
    },
    async deadLetters() {
      const counts = await Promise.all(
        deadLetterQueues(model.queues).map(({ name }) => countMessages(clients.sqs, queueUrl(name))),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    run() {
      for (const source of model.eventSources) {
        running.push(
          startEventSource({
            client: clients.sqs,
            queueUrl: queueUrl(source.queueName),
            queueArn: `arn:aws:sqs:${account.region}:${account.accountId}:${source.queueName}`,
            region: account.region,
            target: functionOf(source.functionArn),
            batchSize: source.batchSize,
            concurrency: Math.min(concurrencyOf(source.functionArn), source.maximumConcurrency),
            onError,
          }),
        );
      }
      for (const { expression, input, functionArn } of model.schedules) {
        running.push(startSchedule({ expression, input, target: functionOf(functionArn), onError }));
      }
    },
    quiesce() {
      stopped ??= stopEverything();
      return stopped;
    },
    async close() {
      clients.destroy();
      await emulators.close();
    },
  };

  function concurrencyOf(functionArn: string): number {
    const found = Object.entries(mostAtOnce).find(
      ([service]) => serviceOf(model.functions, service).arn === functionArn,
    );
    if (found === undefined)
      throw new Error(`Say in ${import.meta.filename} how often ${functionArn} may run at once.`);
    return found[1];
  }

  async function stopEverything(): Promise<void> {
    const quiet = Promise.all(running.map((part) => part.stop()));
    let patience: NodeJS.Timeout | undefined;
    await Promise.race([quiet, new Promise((resolve) => (patience = setTimeout(resolve, graceMs)))]);
    clearTimeout(patience);
    // Whatever still works is killed: that is what the log and the fence are for.
    await Promise.all([...functions.values()].map((lambda) => lambda.stop()));
    await quiet;
  }
}

/** The function whose folder below functions/ is `service`. */
function serviceOf(functions: readonly FunctionModel[], service: string): FunctionModel {
  const found = functions.find(({ environment }) => environment['POWERTOOLS_SERVICE_NAME'] === service);
  if (found === undefined) throw new Error(`The template has no function ${service}.`);
  return found;
}

/** Variables of a function; each of them is there. */
function environmentOf<Name extends string>(
  functions: readonly FunctionModel[],
  service: string,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const { environment } = serviceOf(functions, service);
  for (const name of names)
    if (environment[name] === undefined)
      throw new Error(`The function ${service} has no ${name} in the template.`);
  return environment as Readonly<Record<Name, string>>;
}

function deadLetterQueues(queues: readonly QueueModel[]): readonly QueueModel[] {
  const found = queues.filter(({ attributes }) => attributes['RedrivePolicy'] === undefined);
  if (found.length === 0) throw new Error('The template has no dead-letter queue.');
  return found;
}

async function countMessages(client: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages']);
}
