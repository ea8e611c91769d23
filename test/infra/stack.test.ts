import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stageConfig } from '../../infra/config.ts';
import { stateTableDefinition } from '../support/state-table.ts';
import { lambda, only, readable, resources, sentinelLakeStack, synthesize } from './synthesize.ts';

const stages = ['prod', 'dev'].map((stage) => ({ stage, template: synthesize(stageConfig(stage)) }));
const prod = synthesize();

describe.each(stages)('the stack in $stage', ({ stage, template }) => {
  it('holds these resources and no others', () => {
    const types = Object.values(resources(template)).map(({ Type }) => Type);
    const counts = Object.fromEntries(
      types.map((type) => [type, types.filter((other) => other === type).length]),
    );

    expect(counts).toEqual({
      'AWS::ApiGateway::Account': 1,
      'AWS::ApiGateway::Deployment': 1,
      'AWS::ApiGateway::GatewayResponse': 21,
      'AWS::ApiGateway::Method': 2,
      'AWS::ApiGateway::Resource': 1,
      'AWS::ApiGateway::RestApi': 1,
      'AWS::ApiGateway::Stage': 1,
      'AWS::CloudWatch::Alarm': 4,
      'AWS::DynamoDB::Table': 1,
      'AWS::IAM::Policy': 4,
      'AWS::IAM::Role': 6,
      'AWS::Lambda::EventInvokeConfig': 1,
      'AWS::Lambda::EventSourceMapping': 2,
      'AWS::Lambda::Function': 4,
      'AWS::Lambda::Permission': 2,
      'AWS::Logs::LogGroup': 5,
      'AWS::S3::Bucket': 1,
      'AWS::S3::BucketPolicy': 1,
      'AWS::SQS::Queue': 4,
      'AWS::SQS::QueuePolicy': 4,
      'AWS::Scheduler::Schedule': 1,
    });
  });

  it('keeps the logical ids of everything that holds data, because a new id is a new and empty resource', () => {
    const stateful = Object.entries(resources(template))
      .filter(([, { Type }]) => ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::SQS::Queue'].includes(Type))
      .map(([id]) => id);

    expect(stateful.sort()).toEqual([
      'ActionQueueDeadLetterQueueDDD0C735',
      'ActionQueueFEEB6532',
      'DataLakeBucketEF1CCA5A',
      'StateTable8C4E6068',
      'WorkQueueAD162499',
      'WorkQueueDeadLetterQueueF71CA21F',
    ]);
  });

  it('gives no resource a physical name', () => {
    const names = ['BucketName', 'TableName', 'QueueName', 'RoleName', 'LogGroupName', 'Name'];
    for (const { Type, Properties } of Object.values(resources(template))) {
      // Names of APIs need not be unique: it is only what the console shows.
      if (Type === 'AWS::ApiGateway::RestApi') continue;
      for (const name of names) expect(Properties, Type).not.toHaveProperty(name);
      if (Type === 'AWS::Lambda::Function') expect(Properties).not.toHaveProperty('FunctionName');
    }
  });

  it('names what an operator needs in its outputs', () => {
    const api = only(template, 'AWS::ApiGateway::RestApi').id;
    const deployed = only(template, 'AWS::ApiGateway::Stage').id;
    const outputs = Object.entries(template.findOutputs('*')).map(([name, { Value }]) => [
      name,
      readable(Value),
    ]);

    expect(Object.fromEntries(outputs)).toEqual({
      LakeBucketName: '<DataLakeBucketEF1CCA5A>',
      StateTableName: '<StateTable8C4E6068>',
      ApiUrl: `https://<${api}>.execute-api.<AWS::Region>.<AWS::URLSuffix>/<${deployed}>/`,
      WorkQueueUrl: '<WorkQueueAD162499>',
      DeadLetterQueueUrl: '<WorkQueueDeadLetterQueueF71CA21F>',
      ActionQueueUrl: '<ActionQueueFEEB6532>',
      ActionDeadLetterQueueUrl: '<ActionQueueDeadLetterQueueDDD0C735>',
      SecretPrefix: `sentinel-lake/${stage}`,
    });
  });

  it('is tagged with its application and stage', () => {
    const Tags = [
      { Key: 'application', Value: 'sentinel-lake' },
      { Key: 'stage', Value: stage },
    ];
    for (const type of [
      'AWS::S3::Bucket',
      'AWS::DynamoDB::Table',
      'AWS::SQS::Queue',
      'AWS::Lambda::Function',
    ]) {
      template.allResourcesProperties(type, { Tags });
    }
  });

  it('keeps timeout < lease < visibility <= claim and visibility >= 6 x timeout', () => {
    const { Timeout, Environment } = lambda(template, 'worker').Properties;
    const queue = resources(template)['WorkQueueAD162499']?.Properties ?? {};
    const lease = Number(Environment.Variables['LEASE_SECONDS']);
    const visibility = Number(queue['VisibilityTimeout']);
    const claim = Number(Environment.Variables['CLAIM_SECONDS']);

    expect(lease).toBeGreaterThan(Timeout);
    expect(visibility).toBeGreaterThan(lease);
    expect(visibility).toBeGreaterThanOrEqual(6 * Timeout);
    expect(claim).toBeGreaterThanOrEqual(visibility);
    expect(Number(Environment.Variables['DEADLINE_MARGIN_SECONDS'])).toBeLessThan(Timeout);
  });
});

describe('the times of response actions', () => {
  it.each(stages)(
    'keep timeout < lease < visibility, lease <= claim and visibility >= 6 x timeout ($stage)',
    ({ template }) => {
      const { Timeout, Environment } = lambda(template, 'outcomes').Properties;
      const api = lambda(template, 'api').Properties;
      const lease = Number(Environment.Variables['ACTION_LEASE_SECONDS']);
      const claim = Number(
        lambda(template, 'fan-out').Properties.Environment.Variables['ACTION_CLAIM_SECONDS'],
      );
      const visibility = Number(resources(template)['ActionQueueFEEB6532']?.Properties['VisibilityTimeout']);

      expect(lease).toBeGreaterThan(Timeout);
      expect(lease).toBeGreaterThan(api.Timeout);
      expect(api.Environment.Variables['ACTION_LEASE_SECONDS']).toBe(String(lease));
      expect(claim).toBeGreaterThanOrEqual(lease);
      expect(visibility).toBeGreaterThan(lease);
      expect(visibility).toBeGreaterThanOrEqual(6 * Timeout);
    },
  );
});

describe('what outlives the stack', () => {
  const fates = (stage: string) =>
    Object.values(resources(synthesize(stageConfig(stage))))
      .filter(({ Type }) => ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'].includes(Type))
      .map(({ DeletionPolicy }) => DeletionPolicy);

  it('is everything that holds data in prod', () => {
    expect(fates('prod')).toEqual(Array.from({ length: 7 }, () => 'Retain'));
    prod.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
    expect(sentinelLakeStack(stageConfig('prod')).terminationProtection).toBe(true);
  });

  it('is nothing in dev', () => {
    expect(fates('dev')).toEqual(Array.from({ length: 7 }, () => 'Delete'));
    synthesize(stageConfig('dev')).hasResourceProperties('AWS::DynamoDB::Table', {
      DeletionProtectionEnabled: false,
    });
    expect(sentinelLakeStack(stageConfig('dev')).terminationProtection).toBe(false);
  });
});

describe('two stages', () => {
  it('can share an account', () => {
    expect(sentinelLakeStack(stageConfig('prod')).stackName).toBe('sentinel-lake-prod');
    expect(sentinelLakeStack(stageConfig('dev')).stackName).toBe('sentinel-lake-dev');
  });
});

describe('the lake bucket', () => {
  it('is private, encrypted, versioned and owned by its account alone', () => {
    prod.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: Match.absent(),
    });
  });

  it('keeps landing objects for ever unless the configuration says otherwise', () => {
    const { Rules } = only<{ readonly LifecycleConfiguration: { readonly Rules: unknown } }>(
      prod,
      'AWS::S3::Bucket',
    ).Properties.LifecycleConfiguration;

    expect(Rules).toEqual([
      {
        Id: 'forget-deleted-objects',
        Status: 'Enabled',
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        ExpiredObjectDeleteMarker: true,
      },
      {
        Id: 'abort-unfinished-uploads',
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ]);
  });

  it('expires landing objects, and nothing else, when configured to', () => {
    synthesize({ ...stageConfig('prod'), landingExpirationDays: 90 }).hasResourceProperties(
      'AWS::S3::Bucket',
      {
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            { Id: 'expire-landing-objects', Status: 'Enabled', Prefix: 'landing/', ExpirationInDays: 90 },
          ]),
        },
      },
    );
  });

  it('refuses plain HTTP and every landing object that could replace another', () => {
    const bucket = { 'Fn::GetAtt': ['DataLakeBucketEF1CCA5A', 'Arn'] };
    const { Statement } = only<{ readonly PolicyDocument: { readonly Statement: unknown } }>(
      prod,
      'AWS::S3::BucketPolicy',
    ).Properties.PolicyDocument;

    expect(Statement).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Resource: [bucket, { 'Fn::Join': ['', [bucket, '/*']] }],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Sid: 'LandingObjectsAreCreatedOnce',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [bucket, '/landing/*']] },
        Condition: { Null: { 's3:if-none-match': 'true' } },
      },
    ]);
  });
});

describe('the state table', () => {
  it('has its keys, its due index, expiry and point-in-time recovery, and is billed by use', () => {
    expect(only(prod, 'AWS::DynamoDB::Table').Properties).toMatchObject({
      ...stateTableDefinition,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });
});

describe('the queues', () => {
  it('encrypt and keep messages for 14 days', () => {
    prod.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it.each([
    ['WorkQueueAD162499', 'WorkQueueDeadLetterQueueF71CA21F'],
    ['ActionQueueFEEB6532', 'ActionQueueDeadLetterQueueDDD0C735'],
  ])('have a dead-letter queue each (%s)', (id, deadLetterId) => {
    expect(resources(prod)[id]?.Properties['RedrivePolicy']).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [deadLetterId, 'Arn'] },
      maxReceiveCount: 5,
    });
    expect(resources(prod)[deadLetterId]?.Properties).not.toHaveProperty('RedrivePolicy');
  });

  it.each([
    'WorkQueueAD162499',
    'WorkQueueDeadLetterQueueF71CA21F',
    'ActionQueueFEEB6532',
    'ActionQueueDeadLetterQueueDDD0C735',
  ])('refuse plain HTTP (%s)', (id) => {
    prod.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Resource: { 'Fn::GetAtt': [id, 'Arn'] },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });
});

describe('the schedule', () => {
  it('starts the fan-out every minute, on the minute, and never retries', () => {
    prod.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: {
        Arn: { 'Fn::GetAtt': [lambda(prod, 'fan-out').id, 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      },
    });
    prod.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: lambda(prod, 'fan-out').id },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });
});
