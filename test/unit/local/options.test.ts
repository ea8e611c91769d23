import { describe, expect, it } from 'vitest';
import { parseStartOptions } from '../../../local/command/options.ts';
import { UsageError } from '../../../local/command/usage-error.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const hostPolicy = { suffixes: ['.sentinelone.net'], loopback: true };
const environment = { S1_TOKEN: 'eyJtoken', EMPTY: '' };
const parse = (...argv: string[]) => parseStartOptions(argv, environment, hostPolicy, now);

describe('the options of npm start', () => {
  it('are a simulated console, all content types, and a day back', () => {
    expect(parse()).toMatchObject({
      tenant: 'demo',
      contentTypes: ['agents', 'threats'],
      since: now - 86_400_000,
      console: undefined,
      stateDir: expect.stringMatching(/\.sentinel-lake$/),
      json: false,
      watch: false,
    });
  });

  it('take a real console, cleaned, with the token out of the environment', () => {
    expect(parse('--console', 'ACME.sentinelone.net/dashboard', '--token-env', 'S1_TOKEN')).toMatchObject({
      console: { hostUrl: 'https://acme.sentinelone.net', apiToken: 'eyJtoken' },
    });
    expect(parse('--console', 'http://127.0.0.1:9000', '--token-env', 'S1_TOKEN')).toMatchObject({
      console: { hostUrl: 'http://127.0.0.1:9000' },
    });
  });

  it('take times as durations and as dates', () => {
    expect(parse('--since', '6h')).toMatchObject({ since: now - 6 * 3_600_000 });
    expect(parse('--since', '2026-11-24T08:00:00Z')).toMatchObject({
      since: Date.parse('2026-11-24T08:00:00Z'),
    });
  });

  it('take content types once each', () => {
    expect(parse('--content-types', 'threats, agents,threats')).toMatchObject({
      contentTypes: ['threats', 'agents'],
    });
  });

  it('help', () => {
    expect(parse('--help')).toBe('help');
  });

  it.each([
    [['--console', 'http://acme.sentinelone.net', '--token-env', 'S1_TOKEN'], '--console'],
    [['--console', 'https://10.0.0.1', '--token-env', 'S1_TOKEN'], '--console'],
    [['--console', 'https://user:pw@acme.sentinelone.net', '--token-env', 'S1_TOKEN'], '--console'],
    [['--console', 'https://acme.example.com', '--token-env', 'S1_TOKEN'], '--console'],
    [['--console', 'https://acme.sentinelone.net/foo', '--token-env', 'S1_TOKEN'], '--console'],
    [['--console', 'https://acme.sentinelone.net'], '--token-env'],
    [['--token-env', 'S1_TOKEN'], '--token-env'],
    [['--console', 'https://acme.sentinelone.net', '--token-env', 'MISSING'], '--token-env'],
    [['--console', 'https://acme.sentinelone.net', '--token-env', 'EMPTY'], '--token-env'],
    [['--content-types', 'threats,nonsense'], '--content-types'],
    [['--content-types', ''], '--content-types'],
    [['--since', 'yesterday'], '--since'],
    [['--since', '2026'], '--since'],
    [['--since', '2026-11-24T12:00:01Z'], '--since'],
    [['--tenant', 'Acme Inc.'], '--tenant'],
    [['--tenant', '../x'], '--tenant'],
    [['--watch=yes'], '--watch'],
    [['--state-dir'], '--state-dir'],
    [['--nonsense'], '--nonsense'],
    [['stray'], 'stray'],
  ])('refuse %j in one line that names what is wrong', (argv, named) => {
    const refusal = (() => {
      try {
        return parse(...argv);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(UsageError);
    const { message } = refusal as UsageError;
    expect(message).toContain(named);
    expect(message).not.toContain('\n');
    expect(message).not.toContain('eyJtoken');
    expect(message.endsWith('.')).toBe(true);
  });
});
