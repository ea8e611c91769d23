import { isDeepStrictEqual } from 'node:util';
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stageConfig } from '../../infra/config.ts';
import {
  type FunctionProperties,
  lambda,
  ofType,
  only,
  type PolicyDocument,
  readable,
  synthesize,
} from './synthesize.ts';
import { usedActions } from './used-actions.ts';

interface PolicyProperties {
  readonly PolicyDocument: PolicyDocument;
  readonly Roles: readonly unknown[];
}

interface RoleProperties {
  readonly AssumeRolePolicyDocument: { readonly Statement: unknown };
  readonly ManagedPolicyArns?: readonly unknown[];
  readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
}

interface ScheduleProperties {
  readonly Target: { readonly RoleArn: unknown };
}

const stages = ['prod', 'dev'].map((stage) => ({ stage, template: synthesize(stageConfig(stage)) }));

/** Everything a role may do, one line per action and resource and with its condition, from inline and attached policies. */
function grants(template: Template, id: string): readonly string[] {
  const inline = ofType<RoleProperties>(template, 'AWS::IAM::Role')
    .filter((role) => role.id === id)
    .flatMap(({ Properties }) => Properties.Policies ?? []);
  const attached = ofType<PolicyProperties>(template, 'AWS::IAM::Policy')
    .map(({ Properties }) => Properties)
    .filter(({ Roles }) => Roles.some((reference) => readable(reference) === `<${id}>`));
  return [...inline, ...attached]
    .flatMap((policy) => policy.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource]
            .flat()
            .map(
              (resource) =>
                `${Effect} ${action} ${readable(resource)}${Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`}`,
            ),
        ),
    )
    .sort();
}

/** The logical id of the role in a property that holds its ARN. */
function roleId(arn: unknown): string {
  return readable(arn).replace(/^<(.+)\.Arn>$/, '$1');
}

/** The ARN of the log group that a function writes to. */
function ownLog({ LoggingConfig }: FunctionProperties): string {
  return readable(LoggingConfig.LogGroup).replace('>', '.Arn>');
}

/** What Lambda does in a function's name to take messages. */
const takesMessages = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
];

describe.each(stages)('permissions in $stage', ({ stage, template }) => {
  const table = `<${only(template, 'AWS::DynamoDB::Table').id}.Arn>`;
  const bucket = `<${only(template, 'AWS::S3::Bucket').id}.Arn>`;
  const queue = '<WorkQueueAD162499.Arn>';
  const actionQueue = '<ActionQueueFEEB6532.Arn>';
  const bus = 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default';
  const fanOut = lambda(template, 'fan-out');
  const worker = lambda(template, 'worker');
  const outcomes = lambda(template, 'outcomes');
  const api = lambda(template, 'api');
  const { RoleArn: scheduleRole } = only<ScheduleProperties>(template, 'AWS::Scheduler::Schedule').Properties
    .Target;
  const { CloudWatchRoleArn: logRole } = only<{ readonly CloudWatchRoleArn: unknown }>(
    template,
    'AWS::ApiGateway::Account',
  ).Properties;

  it('lets the fan-out find, claim and send, and nothing else', () => {
    const log = ownLog(fanOut.Properties);

    expect(grants(template, roleId(fanOut.Properties.Role))).toEqual([
      `Allow dynamodb:Query ${table}/index/due`,
      `Allow dynamodb:UpdateItem ${table}`,
      `Allow logs:CreateLogStream ${log}`,
      `Allow logs:PutLogEvents ${log}`,
      `Allow sqs:SendMessage ${actionQueue}`,
      `Allow sqs:SendMessage ${queue}`,
    ]);
  });

  it('lets the worker do one slice, and nothing else', () => {
    const log = ownLog(worker.Properties);
    const secrets = `arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:sentinel-lake/${stage}/*`;

    expect(grants(template, roleId(worker.Properties.Role))).toEqual([
      `Allow dynamodb:BatchGetItem ${table}`,
      `Allow dynamodb:DeleteItem ${table}`,
      `Allow dynamodb:GetItem ${table}`,
      `Allow dynamodb:PutItem ${table}`,
      `Allow dynamodb:Query ${table}`,
      `Allow dynamodb:UpdateItem ${table}`,
      `Allow logs:CreateLogStream ${log}`,
      `Allow logs:PutLogEvents ${log}`,
      `Allow s3:GetObject ${bucket}/landing/*`,
      `Allow s3:PutObject ${bucket}/landing/*`,
      `Allow secretsmanager:GetSecretValue ${secrets}`,
      `Allow sqs:ChangeMessageVisibility ${queue}`,
      `Allow sqs:DeleteMessage ${queue}`,
      `Allow sqs:GetQueueAttributes ${queue}`,
      `Allow sqs:ReceiveMessage ${queue}`,
      `Allow sqs:SendMessage ${queue}`,
    ]);
  });

  it('lets the outcomes go on with actions, tell of them and keep their trail, and nothing else', () => {
    const log = ownLog(outcomes.Properties);
    const secrets = `arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:sentinel-lake/${stage}/*`;

    expect(grants(template, roleId(outcomes.Properties.Role))).toEqual([
      `Allow dynamodb:GetItem ${table}`,
      `Allow dynamodb:PutItem ${table}`,
      `Allow dynamodb:Query ${table}`,
      `Allow dynamodb:UpdateItem ${table}`,
      `Allow events:PutEvents ${bus}`,
      `Allow logs:CreateLogStream ${log}`,
      `Allow logs:PutLogEvents ${log}`,
      `Allow s3:PutObject ${bucket}/landing/*/index=audit/*`,
      `Allow secretsmanager:GetSecretValue ${secrets}`,
      `Allow sqs:ChangeMessageVisibility ${actionQueue}`,
      `Allow sqs:DeleteMessage ${actionQueue}`,
      `Allow sqs:GetQueueAttributes ${actionQueue}`,
      `Allow sqs:ReceiveMessage ${actionQueue}`,
      `Allow sqs:SendMessage ${actionQueue}`,
    ]);
  });

  it('lets the API keep connectors, tokens, keys, actions and its audit trail, read what the lake has, and nothing else', () => {
    const log = ownLog(api.Properties);
    const secrets = `arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:sentinel-lake/${stage}/*`;

    expect(grants(template, roleId(api.Properties.Role))).toEqual([
      `Allow dynamodb:DeleteItem ${table}`,
      `Allow dynamodb:GetItem ${table}`,
      `Allow dynamodb:PutItem ${table}`,
      `Allow dynamodb:Query ${table}`,
      `Allow dynamodb:UpdateItem ${table}`,
      `Allow logs:CreateLogStream ${log}`,
      `Allow logs:PutLogEvents ${log}`,
      `Allow s3:GetObject ${bucket}/landing/*`,
      `Allow s3:ListBucket ${bucket} if {"StringLike":{"s3:prefix":"landing/*"}}`,
      `Allow s3:PutObject ${bucket}/landing/*/index=audit/*`,
      `Allow secretsmanager:CreateSecret ${secrets}`,
      `Allow secretsmanager:DeleteSecret ${secrets}`,
      `Allow secretsmanager:GetSecretValue ${secrets}`,
      `Allow secretsmanager:PutSecretValue ${secrets}`,
      `Allow sqs:SendMessage ${actionQueue}`,
      `Allow sqs:SendMessage ${queue}`,
    ]);
  });

  it.each([
    { service: 'fan-out', byLambda: [], withoutUse: [] },
    {
      service: 'worker',
      byLambda: takesMessages,
      // The store of secrets can write, and the worker only reads.
      withoutUse: [
        'secretsmanager:CreateSecret',
        'secretsmanager:DeleteSecret',
        'secretsmanager:PutSecretValue',
      ],
    },
    {
      service: 'outcomes',
      byLambda: takesMessages,
      // The stores of connectors, secrets and policies can do more than what it uses of them.
      withoutUse: [
        'dynamodb:DeleteItem',
        'secretsmanager:CreateSecret',
        'secretsmanager:DeleteSecret',
        'secretsmanager:PutSecretValue',
      ],
    },
    { service: 'api', byLambda: [], withoutUse: [] },
  ])(
    'grants the $service what its code calls, neither less nor more',
    ({ service, byLambda, withoutUse }) => {
      const { Role } = lambda(template, service).Properties;
      const granted = grants(template, roleId(Role))
        .map((line) => line.split(' ')[1] ?? '')
        .filter((action) => !action.startsWith('logs:'));

      expect([...new Set(granted), ...withoutUse].sort()).toEqual(
        [...usedActions(service), ...byLambda].sort(),
      );
    },
  );

  it('lets the schedule start the fan-out, and nothing else', () => {
    expect(grants(template, roleId(scheduleRole))).toEqual([
      `Allow lambda:InvokeFunction <${fanOut.id}.Arn>`,
    ]);
  });

  it("has a role each for the four functions, the schedule and the gateway's log, and no other", () => {
    const functions = [fanOut, worker, outcomes, api].map(({ Properties }) => Properties.Role);
    const used = [...functions, scheduleRole, logRole].map(roleId).sort();

    expect(new Set(used).size).toBe(6);
    expect(
      ofType(template, 'AWS::IAM::Role')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(used);
    for (const { Properties } of ofType<PolicyProperties>(template, 'AWS::IAM::Policy')) {
      expect(Properties.Roles).toHaveLength(1);
      expect(used).toContain(readable(Properties.Roles[0]).slice(1, -1));
    }
  });

  it("attaches no managed policy but API Gateway's own, to the role of its log", () => {
    const managed = ofType<RoleProperties>(template, 'AWS::IAM::Role').flatMap(({ id, Properties }) =>
      (Properties.ManagedPolicyArns ?? []).map((policy) => `${id} ${readable(policy)}`),
    );
    expect(managed).toEqual([
      `${roleId(logRole)} arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    ]);
    expect(grants(template, roleId(logRole))).toEqual([]);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  it('lets only the service and, for the schedule, only this account take a role', () => {
    const trusts = ofType<RoleProperties>(template, 'AWS::IAM::Role').map(
      ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement,
    );
    const lambdaOnly = [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ];
    const schedulerOnly = [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ];

    const gatewayOnly = [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'apigateway.amazonaws.com' } },
    ];
    expect(trusts).toHaveLength(6);
    expect(trusts).toEqual(expect.arrayContaining([lambdaOnly, schedulerOnly, gatewayOnly]));
    expect(trusts.filter((trust) => isDeepStrictEqual(trust, lambdaOnly))).toHaveLength(4);
  });

  it('gives nobody permission through a resource policy but this API, to call its function', () => {
    const policies = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'].flatMap((type) =>
      ofType<{ readonly PolicyDocument: PolicyDocument }>(template, type),
    );

    const restApi = only(template, 'AWS::ApiGateway::RestApi').id;
    const deployed = only(template, 'AWS::ApiGateway::Stage').id;
    const arn = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${restApi}>/<${deployed}>`;
    const permissions = ofType<{ readonly SourceArn: unknown }>(template, 'AWS::Lambda::Permission').map(
      ({ Properties: { SourceArn, ...permission } }) => ({ ...permission, from: readable(SourceArn) }),
    );
    expect(permissions).toEqual(
      // What lies below the root, and the root.
      [`${arn}/*/*`, `${arn}/*/`].map((from) => ({
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [api.id, 'Arn'] },
        Principal: 'apigateway.amazonaws.com',
        from,
      })),
    );
    expect(policies).toHaveLength(5);
    for (const { Properties } of policies) {
      const effects = Properties.PolicyDocument.Statement.map(({ Effect }) => Effect);
      expect(new Set(effects)).toEqual(new Set(['Deny']));
    }
  });
});
