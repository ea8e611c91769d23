import { isDeepStrictEqual } from 'node:util';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stageConfig } from '../../infra/config.ts';
import { lambda, ofType, readable, resources, synthesize } from './synthesize.ts';

const template = synthesize();

function environment(service: string): Record<string, string> {
  const { Variables } = lambda(template, service).Properties.Environment;
  return Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, readable(value)]));
}

describe.each([
  { service: 'fan-out', timeoutSeconds: 120, memoryMb: 1024 },
  { service: 'worker', timeoutSeconds: 120, memoryMb: 512 },
  { service: 'outcomes', timeoutSeconds: 60, memoryMb: 512 },
  { service: 'api', timeoutSeconds: 29, memoryMb: 512 },
])('the $service function', ({ service, timeoutSeconds, memoryMb }) => {
  const { Properties } = lambda(template, service);

  it('runs on Node 24 on ARM with its own time and memory', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: timeoutSeconds,
      MemorySize: memoryMb,
    });
  });

  it('reserves no concurrency, which a small account could not give, and sends no traces', () => {
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(Properties).not.toHaveProperty('TracingConfig');
  });

  it('writes JSON into a log group of its own that forgets', () => {
    const { LogGroup, ...format } = Properties.LoggingConfig;
    const group = resources(template)[readable(LogGroup).slice(1, -1)];

    expect(format).toEqual({ LogFormat: 'JSON', ApplicationLogLevel: 'INFO' });
    expect(group).toMatchObject({ Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } });
  });
});

describe('log groups', () => {
  it('are not shared', () => {
    const groups = ['fan-out', 'worker', 'outcomes', 'api'].map((service) =>
      readable(lambda(template, service).Properties.LoggingConfig.LogGroup),
    );

    expect(new Set(groups).size).toBe(4);
  });
});

/** Of whoever goes on with response actions. */
const ofActions = {
  ACTION_QUEUE_URL: '<ActionQueueFEEB6532>',
  ACTION_LEASE_SECONDS: '90',
  ACTION_DAYS: '400',
  CALLBACK_HOST_SUFFIXES: '',
};

describe('the environment', () => {
  it('of the fan-out', () => {
    expect(environment('fan-out')).toEqual({
      STATE_TABLE: '<StateTable8C4E6068>',
      DUE_INDEX: 'due',
      DUE_SHARDS: '8',
      QUEUE_URL: '<WorkQueueAD162499>',
      CLAIM_SECONDS: '900',
      ACTION_QUEUE_URL: '<ActionQueueFEEB6532>',
      ACTION_CLAIM_SECONDS: '120',
      LOG_LEVEL: 'INFO',
      POWERTOOLS_SERVICE_NAME: 'fan-out',
      POWERTOOLS_METRICS_NAMESPACE: 'SentinelLake',
      NODE_OPTIONS: '--enable-source-maps --max-old-space-size=512 --max-semi-space-size=4',
    });
  });

  it('of the worker', () => {
    expect(environment('worker')).toEqual({
      STATE_TABLE: '<StateTable8C4E6068>',
      QUEUE_URL: '<WorkQueueAD162499>',
      LAKE_BUCKET: '<DataLakeBucketEF1CCA5A>',
      SECRET_PREFIX: 'sentinel-lake/prod',
      LEASE_SECONDS: '150',
      CLAIM_SECONDS: '900',
      DEADLINE_MARGIN_SECONDS: '20',
      LEDGER_DAYS: '400',
      CONSOLE_HOST_SUFFIXES: '.sentinelone.net',
      LOG_LEVEL: 'INFO',
      POWERTOOLS_SERVICE_NAME: 'worker',
      POWERTOOLS_METRICS_NAMESPACE: 'SentinelLake',
      NODE_OPTIONS: '--enable-source-maps --max-old-space-size=256 --max-semi-space-size=4',
    });
  });

  it('of the outcomes', () => {
    expect(environment('outcomes')).toEqual({
      STATE_TABLE: '<StateTable8C4E6068>',
      LAKE_BUCKET: '<DataLakeBucketEF1CCA5A>',
      SECRET_PREFIX: 'sentinel-lake/prod',
      CONSOLE_HOST_SUFFIXES: '.sentinelone.net',
      ...ofActions,
      EVENT_BUS: 'default',
      LOG_LEVEL: 'INFO',
      POWERTOOLS_SERVICE_NAME: 'outcomes',
      POWERTOOLS_METRICS_NAMESPACE: 'SentinelLake',
      NODE_OPTIONS: '--enable-source-maps --max-old-space-size=256 --max-semi-space-size=4',
    });
  });

  it('of the api', () => {
    expect(environment('api')).toEqual({
      STATE_TABLE: '<StateTable8C4E6068>',
      QUEUE_URL: '<WorkQueueAD162499>',
      LAKE_BUCKET: '<DataLakeBucketEF1CCA5A>',
      SECRET_PREFIX: 'sentinel-lake/prod',
      DUE_SHARDS: '8',
      CLAIM_SECONDS: '900',
      CONSOLE_HOST_SUFFIXES: '.sentinelone.net',
      REQUESTS_PER_MINUTE: '600',
      ACCESS: '{"iam":[]}',
      ...ofActions,
      LOG_LEVEL: 'INFO',
      POWERTOOLS_SERVICE_NAME: 'api',
      POWERTOOLS_METRICS_NAMESPACE: 'SentinelLake',
      NODE_OPTIONS: '--enable-source-maps --max-old-space-size=256 --max-semi-space-size=4',
    });
  });

  it('of the api holds who else may call, and all of it fits', () => {
    const prod = stageConfig('prod');
    const jwt = {
      issuer: 'https://idp.example.com',
      audiences: ['sentinel-lake'],
      jwksUrl: 'https://idp.example.com/keys',
      tenantClaim: 'tenant',
    };
    const iam = [
      { arn: 'arn:aws:iam::111122223333:role/SecurityOperations', tenants: 'all', rights: ['read'] },
    ] as const;
    const staged = synthesize({ ...prod, api: { ...prod.api, jwt, iam } });
    const { Variables } = lambda(staged, 'api').Properties.Environment;

    expect(JSON.parse(readable(Variables['ACCESS']))).toEqual({ jwt, iam });
  });

  it('joins several console domains with commas', () => {
    const config = { ...stageConfig('prod'), consoleHostSuffixes: ['.sentinelone.net', '.example.gov'] };

    synthesize(config).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ CONSOLE_HOST_SUFFIXES: '.sentinelone.net,.example.gov' }),
      },
    });
  });

  const configured = synthesize({
    ...stageConfig('prod'),
    callbackHostSuffixes: ['.soar.example.com', '.example.gov'],
    eventBusName: 'security',
  });

  it.each(['outcomes', 'api'])('of the %s names the domains of webhooks, where there are some', (service) => {
    expect(lambda(configured, service).Properties.Environment.Variables).toMatchObject({
      CALLBACK_HOST_SUFFIXES: '.soar.example.com,.example.gov',
    });
  });

  it('of the outcomes names the event bus, and lets them put events there', () => {
    const { Environment, Role } = lambda(configured, 'outcomes').Properties;

    expect(Environment.Variables).toMatchObject({ EVENT_BUS: 'security' });
    configured.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: readable(Role).replace(/^<(.+)\.Arn>$/, '$1') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'events:PutEvents',
            Resource: { 'Fn::Join': ['', Match.arrayWith([':event-bus/security'])] },
          }),
        ]),
      },
    });
  });

  it.each(['prod', 'dev'])('never lets a deployed function talk to a console on loopback (%s)', (stage) => {
    expect(JSON.stringify(synthesize(stageConfig(stage)).toJSON())).not.toContain('CONSOLE_LOOPBACK');
  });
});

describe('what takes messages', () => {
  it('may send messages to itself, until a window is read or an action is over; the others may not', () => {
    expect(lambda(template, 'worker').Properties.RecursiveLoop).toBe('Allow');
    expect(lambda(template, 'outcomes').Properties.RecursiveLoop).toBe('Allow');
    expect(lambda(template, 'fan-out').Properties).not.toHaveProperty('RecursiveLoop');
    expect(lambda(template, 'api').Properties).not.toHaveProperty('RecursiveLoop');
  });

  it.each([
    ['worker', 'prod', 'WorkQueueAD162499', 50],
    ['worker', 'dev', 'WorkQueueAD162499', 5],
    ['outcomes', 'prod', 'ActionQueueFEEB6532', 20],
    ['outcomes', 'dev', 'ActionQueueFEEB6532', 5],
  ])(
    'takes one message at a time, a limited number at once, and reports failures (%s, %s)',
    (service, stage, queue, maxConcurrency) => {
      const staged = synthesize(stageConfig(stage));
      const target = { Ref: lambda(staged, service).id };
      const mappings = ofType<{ readonly FunctionName: unknown; readonly Tags: unknown }>(
        staged,
        'AWS::Lambda::EventSourceMapping',
      )
        .map(({ Properties: { Tags: _, ...mapping } }) => mapping)
        .filter(({ FunctionName }) => isDeepStrictEqual(FunctionName, target));

      expect(mappings).toHaveLength(1);
      expect(mappings[0]).toEqual({
        EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
        FunctionName: target,
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: maxConcurrency },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    },
  );
});
