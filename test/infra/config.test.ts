import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StageConfig, secretPrefix, stageConfig } from '../../infra/config.ts';
import { validateConfig } from '../../infra/validate-config.ts';

type Changes = Partial<Omit<StageConfig, 'worker' | 'outcomes' | 'fanOut' | 'api'>> & {
  readonly worker?: Partial<StageConfig['worker']>;
  readonly outcomes?: Partial<StageConfig['outcomes']>;
  readonly fanOut?: Partial<StageConfig['fanOut']>;
  readonly api?: Partial<StageConfig['api']>;
};

function configWith(changes: Changes): StageConfig {
  const prod = stageConfig('prod');
  return {
    ...prod,
    ...changes,
    worker: { ...prod.worker, ...changes.worker },
    outcomes: { ...prod.outcomes, ...changes.outcomes },
    fanOut: { ...prod.fanOut, ...changes.fanOut },
    api: { ...prod.api, ...changes.api },
  };
}

function problemsOf(config: StageConfig): string {
  try {
    validateConfig(config);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

describe('stageConfig', () => {
  it('takes prod when no stage is named', () => {
    expect(stageConfig(undefined)).toBe(stageConfig('prod'));
  });

  it('keeps the data of prod and not that of dev', () => {
    expect(stageConfig('prod').retainData).toBe(true);
    expect(stageConfig('dev').retainData).toBe(false);
  });

  it('separates the secrets of two stages', () => {
    expect(secretPrefix(stageConfig('prod'))).toBe('sentinel-lake/prod');
    expect(secretPrefix(stageConfig('dev'))).toBe('sentinel-lake/dev');
  });

  it.each(['production', '', 'PROD', true, 1])(
    'refuses the unknown stage %j and names the known ones',
    (name) => {
      expect(() => stageConfig(name)).toThrow(
        `Unknown stage ${JSON.stringify(name)}: use -c stage=prod or -c stage=dev, or add it to infra/config.ts.`,
      );
    },
  );
});

const jwt: StageConfig['api']['jwt'] = {
  issuer: 'https://idp.example.com',
  audiences: ['sentinel-lake'],
  jwksUrl: 'https://idp.example.com/keys',
  tenantClaim: 'tenant',
};
const grant: StageConfig['api']['iam'][number] = {
  arn: 'arn:aws:iam::111122223333:role/SecurityOperations',
  tenants: ['acme'],
  rights: ['read', 'respond'],
};

describe('validateConfig', () => {
  it.each<[string, Changes, string]>([
    ['lease = timeout', { worker: { leaseSeconds: 120 } }, 'worker.leaseSeconds (120) must be above'],
    ['visibility = lease', { worker: { leaseSeconds: 720 } }, 'worker.visibilitySeconds (720) must be above'],
    [
      'visibility below 6 x timeout',
      { worker: { visibilitySeconds: 719 } },
      'at least 6 x worker.timeoutSeconds (720)',
    ],
    ['claim below visibility', { claimSeconds: 719 }, 'claimSeconds (719) must not be below'],
    [
      'margin = timeout',
      { worker: { deadlineMarginSeconds: 120 } },
      'worker.deadlineMarginSeconds (120) must be below',
    ],
    [
      'no room for one worker',
      { worker: { maxConcurrency: 1 } },
      'worker.maxConcurrency is 1: use a whole number from 2',
    ],
    ['half a shard', { dueShards: 1.5 }, 'dueShards is 1.5: use a whole number from 1'],
    ['no shard', { dueShards: 0 }, 'dueShards is 0'],
    ['a timeout beyond Lambda', { fanOut: { timeoutSeconds: 901 } }, 'fanOut.timeoutSeconds is 901'],
    ['too little memory', { worker: { memoryMb: 127 } }, 'worker.memoryMb is 127'],
    ['no number', { ledgerDays: Number.NaN }, 'ledgerDays is NaN'],
    ['an expiry of nothing', { landingExpirationDays: 0 }, 'landingExpirationDays is 0'],
    [
      'an odd retention',
      { logRetentionDays: Number('42') },
      'logRetentionDays is 42: use a member of RetentionDays',
    ],
    ['a stage with a slash', { stage: 'prod/eu' }, 'stage is "prod/eu"'],
    ['no host at all', { consoleHostSuffixes: [] }, 'consoleHostSuffixes is empty'],
    [
      'a host without its dot',
      { consoleHostSuffixes: ['sentinelone.net'] },
      'consoleHostSuffixes holds "sentinelone.net"',
    ],
    ['a top-level domain', { consoleHostSuffixes: ['.net'] }, 'consoleHostSuffixes holds ".net"'],
    [
      'a suffix that holds a comma',
      { consoleHostSuffixes: ['.a.net,.com'] },
      'consoleHostSuffixes holds ".a.net,.com"',
    ],
    [
      'capitals',
      { consoleHostSuffixes: ['.SentinelOne.net'] },
      'consoleHostSuffixes holds ".SentinelOne.net"',
    ],
  ])('refuses %s', (_what, changes, problem) => {
    expect(problemsOf(configWith(changes))).toContain(problem);
  });

  it.each<[string, Partial<StageConfig['api']>, string]>([
    [
      'a timeout beyond what the gateway waits',
      { timeoutSeconds: 30 },
      'api.timeoutSeconds is 30: use a whole number from 11 to 29',
    ],
    ['a timeout below that of a test', { timeoutSeconds: 10 }, 'api.timeoutSeconds is 10'],
    ['too little memory', { memoryMb: 64 }, 'api.memoryMb is 64'],
    ['no request at all', { requestsPerMinute: 0 }, 'api.requestsPerMinute is 0'],
    ['half a call', { callsPerSecond: 0.5 }, 'api.callsPerSecond is 0.5'],
    ['more calls than an account has', { callsPerSecond: 10_001 }, 'api.callsPerSecond is 10001'],
    [
      'an issuer without a name',
      { jwt: { ...jwt, issuer: '' } },
      'api.jwt: The settings for tokens need an issuer',
    ],
    ['no audience', { jwt: { ...jwt, audiences: [] } }, 'api.jwt: The settings for tokens need'],
    ['keys over http', { jwt: { ...jwt, jwksUrl: 'http://idp.example.com/keys' } }, 'api.jwt: '],
    [
      'an empty word for all tenants',
      { jwt: { ...jwt, allTenants: '' } },
      'api.jwt: The value that stands for every tenant',
    ],
    [
      'an ARN that is none',
      { iam: [{ ...grant, arn: 'Soc' }] },
      'api.iam[0]: The IAM grant "Soc" is not the ARN',
    ],
    [
      'a prefix that lets strangers in',
      { iam: [grant, { tenants: 'all', rights: ['read'], arnPrefix: 'arn:aws:iam::' }] },
      'api.iam[1]: The IAM grant\'s prefix "arn:aws:iam::"',
    ],
    ['a grant without a right', { iam: [{ ...grant, rights: [] }] }, 'api.iam[0]: name at least one right'],
    [
      'a grant without a tenant',
      { iam: [{ ...grant, tenants: [] }] },
      'api.iam[0]: name at least one tenant, or "all"',
    ],
    [
      'a tenant that is none',
      { iam: [{ ...grant, tenants: ['acme', 'Acme Inc.'] }] },
      'api.iam[0]: the tenant "Acme Inc." ',
    ],
    [
      'more grants than a function has room for',
      { iam: Array.from({ length: 40 }, () => grant) },
      'api.jwt and api.iam are 4',
    ],
  ])('refuses an API with %s, and names the field', (_what, api, problem) => {
    expect(problemsOf(configWith({ api }))).toContain(problem);
  });

  it('accepts tokens of an issuer and roles by their ARN or its beginning', () => {
    const iam = [
      grant,
      { tenants: 'all', rights: ['read'], arnPrefix: 'arn:aws:iam::111122223333:role/Soc-' },
    ] as const;

    expect(problemsOf(configWith({ api: { jwt, iam } }))).toBe('');
  });

  it.each<[string, Changes, string]>([
    [
      'lease = timeout',
      { outcomes: { leaseSeconds: 60 } },
      'outcomes.leaseSeconds (60) must be above outcomes',
    ],
    [
      'visibility = lease',
      { outcomes: { leaseSeconds: 360, claimSeconds: 360 } },
      'outcomes.visibilitySeconds (360) must be above outcomes.leaseSeconds',
    ],
    [
      'visibility below 6 x timeout',
      { outcomes: { visibilitySeconds: 359 } },
      'outcomes.visibilitySeconds (359) must be at least 6 x outcomes.timeoutSeconds (360)',
    ],
    [
      'claim below lease',
      { outcomes: { claimSeconds: 89 } },
      'outcomes.claimSeconds (89) must not be below outcomes.leaseSeconds (90)',
    ],
    [
      'no time to send anything',
      { outcomes: { timeoutSeconds: 44 } },
      'outcomes.timeoutSeconds is 44: use a whole number from 45',
    ],
    [
      'too little memory',
      { outcomes: { memoryMb: 1 } },
      'outcomes.memoryMb is 1: use a whole number from 128',
    ],
    ['no room for two', { outcomes: { maxConcurrency: 1 } }, 'outcomes.maxConcurrency is 1: use a'],
    ['actions that are not kept', { actionDays: 0 }, 'actionDays is 0: use a whole number from 1'],
    [
      'a webhook domain without its dot',
      { callbackHostSuffixes: ['soar.example.com'] },
      'callbackHostSuffixes holds "soar.example.com": use a lower-case domain',
    ],
    ['webhooks to anybody', { callbackHostSuffixes: ['.com'] }, 'callbackHostSuffixes holds ".com"'],
    ['a bus without a name', { eventBusName: '' }, 'eventBusName is "": use the name of a bus'],
    [
      'a bus by its ARN',
      { eventBusName: 'arn:aws:events:eu-central-1:111122223333:event-bus/default' },
      'eventBusName is "arn:aws:events',
    ],
    ['a topic by its name', { alarmTopicArn: 'alarms' }, 'alarmTopicArn is "alarms": use the ARN of'],
    [
      'a FIFO topic',
      { alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:alarms.fifo' },
      'alarmTopicArn is "arn:aws:sns',
    ],
  ])('refuses response actions with %s, and names the field', (_what, changes, problem) => {
    expect(problemsOf(configWith(changes))).toContain(problem);
  });

  it('accepts webhooks to domains, a bus of its own and a topic for alarms', () => {
    const config = configWith({
      callbackHostSuffixes: ['.soar.example.com', '.hooks.example.gov'],
      eventBusName: 'security/outcomes_1.0',
      alarmTopicArn: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Security_Alarms-1',
    });

    expect(problemsOf(config)).toBe('');
  });

  it('names the stage and lists every problem at once', () => {
    const message = problemsOf(configWith({ stage: 'dev', dueShards: 0, claimSeconds: 1 }));

    expect(message).toMatch(
      /^Stage dev in infra\/config\.ts:\n- dueShards is 0.*\n- claimSeconds \(1\) must not be below/,
    );
  });

  it('accepts further console domains and an expiry', () => {
    const config = configWith({
      consoleHostSuffixes: ['.sentinelone.net', '.console.example.gov'],
      landingExpirationDays: 90,
    });

    expect(problemsOf(config)).toBe('');
  });

  it('accepts exactly the timings that keep timeout < lease < visibility <= claim and visibility >= 6 x timeout', () => {
    const around = (center: number) => fc.integer({ min: center - 2, max: center + 2 });
    fc.assert(
      fc.property(around(25), around(26), around(150), around(150), (timeout, lease, visibility, claim) => {
        const config = configWith({
          claimSeconds: claim,
          worker: { timeoutSeconds: timeout, leaseSeconds: lease, visibilitySeconds: visibility },
        });
        const lawful =
          timeout < lease && lease < visibility && visibility <= claim && visibility >= 6 * timeout;

        expect(problemsOf(config) === '').toBe(lawful);
      }),
      { numRuns: 500 },
    );
  });

  it('accepts exactly the timings of actions that keep timeout < lease < visibility, lease <= claim and visibility >= 6 x timeout', () => {
    const around = (center: number) => fc.integer({ min: center - 2, max: center + 2 });
    fc.assert(
      fc.property(
        around(47),
        fc.oneof(around(47), around(280)),
        around(280),
        fc.oneof(around(47), around(280)),
        (timeout, lease, visibility, claim) => {
          const config = configWith({
            outcomes: {
              timeoutSeconds: timeout,
              leaseSeconds: lease,
              visibilitySeconds: visibility,
              claimSeconds: claim,
            },
          });
          const lawful = timeout < lease && lease < visibility && lease <= claim && visibility >= 6 * timeout;

          expect(problemsOf(config) === '').toBe(lawful);
        },
      ),
      { numRuns: 500 },
    );
  });
});
