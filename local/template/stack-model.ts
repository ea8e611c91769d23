import { type ResourceNames, resolve, type Scope } from './intrinsics.ts';
import type { SynthesizedStack, TemplateResource } from './template.ts';

/** Where the embedded stack pretends to be. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

export interface BucketModel {
  readonly logicalId: string;
  readonly name: string;
}

/** Attributes as SQS takes them: all text. */
export interface QueueModel {
  readonly logicalId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The properties of AWS::DynamoDB::Table, with references replaced. */
export interface TableModel {
  readonly logicalId: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface FunctionModel {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** The folder with the bundle. */
  readonly codeDir: string;
  /** `index.handler` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface EventSourceModel {
  readonly queueName: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
}

export interface ScheduleModel {
  /** `rate(1 minute)` */
  readonly expression: string;
  readonly functionArn: string;
  readonly input: string | undefined;
}

/** What the template says, as far as a machine without AWS can build it. */
export interface StackModel {
  readonly buckets: readonly BucketModel[];
  readonly queues: readonly QueueModel[];
  readonly tables: readonly TableModel[];
  readonly functions: readonly FunctionModel[];
  readonly eventSources: readonly EventSourceModel[];
  readonly schedules: readonly ScheduleModel[];
}

/** Resources that have no counterpart here: access is not checked, logs are files, nobody is alarmed, and a failed tick is not repeated. */
const withoutCounterpart: ReadonlySet<string> = new Set([
  // Of the API only its function counts: `local/stack/http-gateway.ts` hands it every path and method, as the template does.
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
]);

/**
 * Reads the synthesized template. Throws for a resource type that the embedded mode neither builds nor knows to have
 * no counterpart: leaving it out silently would make the embedded stack another product.
 * @param queueUrl the URL that a queue of that name has
 */
export function modelStack(
  stack: SynthesizedStack,
  account: Account,
  queueUrl: (name: string) => string,
): StackModel {
  const scope = scopeOf(stack, account, queueUrl);
  const properties = (resource: TemplateResource) =>
    resolve(resource.Properties ?? {}, scope) as Readonly<Record<string, unknown>>;
  const model = {
    buckets: [] as BucketModel[],
    queues: [] as QueueModel[],
    tables: [] as TableModel[],
    functions: [] as FunctionModel[],
    eventSources: [] as EventSourceModel[],
    schedules: [] as ScheduleModel[],
  };
  for (const [logicalId, resource] of Object.entries(stack.resources)) {
    const name = physicalName(stack, logicalId);
    switch (resource.Type) {
      case 'AWS::S3::Bucket':
        model.buckets.push({ logicalId, name });
        break;
      case 'AWS::SQS::Queue':
        model.queues.push({ logicalId, name, attributes: queueAttributes(properties(resource)) });
        break;
      case 'AWS::DynamoDB::Table':
        model.tables.push({ logicalId, name, properties: properties(resource) });
        break;
      case 'AWS::Lambda::Function':
        model.functions.push(functionModel(stack, account, logicalId, properties(resource)));
        break;
      case 'AWS::Lambda::EventSourceMapping':
        model.eventSources.push(eventSourceModel(logicalId, properties(resource), account));
        break;
      case 'AWS::Scheduler::Schedule':
        model.schedules.push(scheduleModel(properties(resource)));
        break;
      default:
        if (!withoutCounterpart.has(resource.Type)) {
          throw new Error(
            `The template has a ${resource.Type} (${logicalId}), which the embedded mode cannot build. Add it to ${import.meta.filename}.`,
          );
        }
    }
  }
  return model;
}

/** The names that the template's buckets get; needed before the servers start that the rest of the model names. */
export function bucketNames(stack: SynthesizedStack): readonly string[] {
  return Object.entries(stack.resources).flatMap(([logicalId, { Type }]) =>
    Type === 'AWS::S3::Bucket' ? [physicalName(stack, logicalId)] : [],
  );
}

/** Physical names are short, lower-case and the same at every start. */
function physicalName(stack: SynthesizedStack, logicalId: string): string {
  return `${stack.name}-${logicalId}`.toLowerCase().slice(0, 63);
}

function scopeOf(stack: SynthesizedStack, account: Account, queueUrl: (name: string) => string): Scope {
  const resources = new Map<string, ResourceNames>();
  for (const [logicalId, { Type }] of Object.entries(stack.resources)) {
    const name = physicalName(stack, logicalId);
    resources.set(logicalId, {
      ref: Type === 'AWS::SQS::Queue' ? queueUrl(name) : name,
      attributes: { Arn: arnOf(Type, name, account), QueueName: name, QueueUrl: queueUrl(name) },
    });
  }
  return {
    resources,
    parameters: {
      'AWS::Region': account.region,
      'AWS::AccountId': account.accountId,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
    },
  };
}

function arnOf(type: string, name: string, { region, accountId }: Account): string {
  switch (type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${region}:${accountId}:${name}`;
    case 'AWS::DynamoDB::Table':
      return `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
    default:
      return `arn:aws:${type.split('::')[1]?.toLowerCase()}:${region}:${accountId}:${name}`;
  }
}

function queueAttributes(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of [
    'VisibilityTimeout',
    'MessageRetentionPeriod',
    'DelaySeconds',
    'ReceiveMessageWaitTimeSeconds',
  ]) {
    if (properties[name] !== undefined) attributes[name] = String(properties[name]);
  }
  if (properties['RedrivePolicy'] !== undefined)
    attributes['RedrivePolicy'] = JSON.stringify(properties['RedrivePolicy']);
  return attributes;
}

function functionModel(
  stack: SynthesizedStack,
  account: Account,
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
): FunctionModel {
  const code = properties['Code'] as { S3Key?: string } | undefined;
  const codeDir = stack.assetDirs.get(code?.S3Key ?? '');
  if (codeDir === undefined) throw new Error(`The function ${logicalId} has no bundle in the assembly.`);
  const environment = properties['Environment'] as { Variables?: Record<string, unknown> } | undefined;
  const name = physicalName(stack, logicalId);
  return {
    logicalId,
    name,
    arn: arnOf('AWS::Lambda::Function', name, account),
    codeDir,
    handler: textOf(properties, 'Handler', logicalId),
    timeoutSeconds: numberOf(properties, 'Timeout', logicalId),
    memoryMegabytes: numberOf(properties, 'MemorySize', logicalId),
    environment: Object.fromEntries(
      Object.entries(environment?.Variables ?? {}).map(([key, value]) => [key, String(value)]),
    ),
  };
}

function eventSourceModel(
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
  account: Account,
): EventSourceModel {
  const responses = properties['FunctionResponseTypes'];
  if (!Array.isArray(responses) || !responses.includes('ReportBatchItemFailures')) {
    throw new Error(
      `The event source ${logicalId} does not report partial failures; the embedded mode knows no other kind.`,
    );
  }
  const scaling = properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
  return {
    queueName: textOf(properties, 'EventSourceArn', logicalId).split(':').at(-1) ?? '',
    // CloudFormation takes a function's name here, and CDK gives it.
    functionArn: functionArnOf(textOf(properties, 'FunctionName', logicalId), account),
    batchSize: numberOf(properties, 'BatchSize', logicalId),
    maximumConcurrency: scaling?.MaximumConcurrency ?? Number.POSITIVE_INFINITY,
  };
}

function functionArnOf(nameOrArn: string, account: Account): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : arnOf('AWS::Lambda::Function', nameOrArn, account);
}

function scheduleModel(properties: Readonly<Record<string, unknown>>): ScheduleModel {
  const target = properties['Target'] as { Arn?: unknown; Input?: unknown } | undefined;
  return {
    expression: textOf(properties, 'ScheduleExpression', 'schedule'),
    functionArn: textOf({ ...target }, 'Arn', 'schedule target'),
    input: typeof target?.Input === 'string' ? target.Input : undefined,
  };
}

function textOf(properties: Readonly<Record<string, unknown>>, name: string, where: string): string {
  const value = properties[name];
  if (typeof value !== 'string') throw new Error(`${where}: ${name} is no text in the template.`);
  return value;
}

function numberOf(properties: Readonly<Record<string, unknown>>, name: string, where: string): number {
  const value = properties[name];
  if (typeof value !== 'number') throw new Error(`${where}: ${name} is no number in the template.`);
  return value;
}
