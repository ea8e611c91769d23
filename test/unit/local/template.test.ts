import { describe, expect, it } from 'vitest';
import { ratePeriodMs } from '../../../local/stack/schedule.ts';
import { resolve } from '../../../local/template/intrinsics.ts';
import { bucketNames, modelStack } from '../../../local/template/stack-model.ts';
import type { SynthesizedStack, TemplateResource } from '../../../local/template/template.ts';

const account = { region: 'eu-west-1', accountId: '123456789012' };
const queueUrl = (name: string) => `http://127.0.0.1:1/${name}`;

const resources: Record<string, TemplateResource> = {
  Lake: { Type: 'AWS::S3::Bucket' },
  Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
  Work: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 720,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
    },
  },
  Worker: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: '1.zip' },
      Handler: 'index.handler',
      Timeout: 120,
      MemorySize: 512,
      Environment: { Variables: { QUEUE_URL: { Ref: 'Work' }, BUCKET: { Ref: 'Lake' }, N: 5 } },
    },
  },
  Source: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] },
      FunctionName: { Ref: 'Worker' },
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 7 },
    },
  },
  Tick: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      Target: { Arn: { 'Fn::GetAtt': ['Worker', 'Arn'] }, Input: '{}' },
    },
  },
  Role: { Type: 'AWS::IAM::Role' },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: 1 } },
};
const stack = (changed: Record<string, TemplateResource> = {}): SynthesizedStack => ({
  name: 'SentinelLake',
  assetDirs: new Map([['1.zip', '/assembly/asset.1']]),
  resources: { ...resources, ...changed },
});

describe('modelStack', () => {
  it('says what the template says, with every reference replaced', () => {
    const model = modelStack(stack(), account, queueUrl);
    expect(bucketNames(stack())).toStrictEqual(['sentinellake-lake']);
    expect(model).toMatchObject({
      buckets: [{ name: 'sentinellake-lake' }],
      queues: [
        { name: 'sentinellake-dead', attributes: { MessageRetentionPeriod: '1209600' } },
        {
          name: 'sentinellake-work',
          attributes: {
            VisibilityTimeout: '720',
            RedrivePolicy:
              '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:sentinellake-dead","maxReceiveCount":5}',
          },
        },
      ],
      functions: [
        {
          codeDir: '/assembly/asset.1',
          handler: 'index.handler',
          timeoutSeconds: 120,
          memoryMegabytes: 512,
          environment: {
            QUEUE_URL: 'http://127.0.0.1:1/sentinellake-work',
            BUCKET: 'sentinellake-lake',
            N: '5',
          },
        },
      ],
      eventSources: [{ queueName: 'sentinellake-work', batchSize: 1, maximumConcurrency: 7 }],
      schedules: [{ expression: 'rate(1 minute)', input: '{}' }],
    });
    expect(model.eventSources[0]?.functionArn).toBe(model.functions[0]?.arn);
    expect(model.schedules[0]?.functionArn).toBe(model.functions[0]?.arn);
  });

  it.each([
    [
      'a resource type that it does not know',
      { Extra: { Type: 'AWS::SNS::Topic' } },
      /AWS::SNS::Topic \(Extra\)/,
    ],
    [
      'an event source without partial responses',
      { Source: { Type: 'AWS::Lambda::EventSourceMapping', Properties: {} } },
      /Source/,
    ],
    ['a function without a bundle', { Worker: { Type: 'AWS::Lambda::Function' } }, /Worker has no bundle/],
    [
      'a reference into nowhere',
      { Tick: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: { Ref: 'Nowhere' } } } },
      /Nowhere/,
    ],
  ])('is loud about %s', (_, changed, message) => {
    expect(() => modelStack(stack(changed), account, queueUrl)).toThrow(message);
  });
});

describe('resolve', () => {
  const scope = {
    parameters: { 'AWS::Region': 'eu-west-1' },
    resources: new Map([['Queue', { ref: 'http://q', attributes: { Arn: 'arn:q' } }]]),
  };
  it.each([
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:q'],
    [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:q'],
    [{ 'Fn::Join': [':', ['a', { Ref: 'Queue' }, 'c']] }, 'a:http://q:c'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes it.
    [{ 'Fn::Sub': '${AWS::Region}/${Queue.Arn}/${Queue}' }, 'eu-west-1/arn:q/http://q'],
    [
      { deep: [{ Ref: 'Queue' }], plain: 5, none: null },
      { deep: ['http://q'], plain: 5, none: null },
    ],
  ])('replaces %j', (value, expected) => {
    expect(resolve(value, scope)).toStrictEqual(expected);
  });
  it.each([{ 'Fn::ImportValue': 'x' }, { Ref: 'Nobody' }, { 'Fn::GetAtt': ['Queue', 'Nothing'] }])(
    'refuses %j',
    (value) => {
      expect(() => resolve(value, scope)).toThrow();
    },
  );
});

describe('ratePeriodMs', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('%s', (expression, ms) => {
    expect(ratePeriodMs(expression)).toBe(ms);
  });
  it.each(['cron(0 * * * ? *)', 'rate(0 minutes)', 'rate(1 week)', ''])('refuses %j', (expression) => {
    expect(() => ratePeriodMs(expression)).toThrow('rate(1 minute)');
  });
});
