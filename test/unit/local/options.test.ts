import { describe, expect, it } from 'vitest';
import { parseStartOptions } from '../../../local/command/options.ts';
import { UsageError } from '../../../local/command/usage-error.ts';
import { contentTypeIds } from '../../../shared/content-types/registry.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const hostPolicy = { suffixes: ['.sentinelone.net'], loopback: true };
const environment = { S1_TOKEN: 'eyJtoken', EMPTY: '' };
const parse = (...argv: string[]) => parseStartOptions(argv, environment, hostPolicy, now);

describe('the options of npm start', () => {
  it('are a simulated console, all content types, and a day back', () => {
    expect(parse()).toMatchObject({
      tenant: 'demo',
      contentTypes: contentTypeIds,
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

  it('take content types once each, with their companions', () => {
    expect(parse('--content-types', 'threats, agents,threats')).toMatchObject({
      contentTypes: ['threats', 'agents', 'agents-snapshot'],
    });
  });

  it('serve the API on a port, and keep collecting then', () => {
    expect(parse()).not.toHaveProperty('servePort');
    expect(parse('--serve')).toMatchObject({ servePort: 8787, watch: true });
    expect(parse('--serve', '--port', '0')).toMatchObject({ servePort: 0, watch: true });
    expect(parse('--serve', '--port', '65535')).toMatchObject({ servePort: 65_535 });
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
    [['--serve=8787'], '--serve'],
    [['--port', '8787'], '--port: only goes with --serve'],
    [['--serve', '--port', 'http'], '--port: "http" is no port'],
    [['--serve', '--port', '65536'], '--port: "65536" is no port'],
    [['--serve', '--port', '-1'], '--port'],
    [['--serve', '--port', ''], '--port: "" is no port'],
    [['--serve', '--port', '80.5'], '--port: "80.5" is no port'],
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

describe('what a connector reads', () => {
  it('are sites, accounts and options of content types', () => {
    const argv = ['--site-ids', '12, 34', '--account-ids', '56', '--option', 'deep-visibility.source=sdl'];
    expect(parse(...argv, '--option', 'deep-visibility.filter=a = b')).toMatchObject({
      scope: {
        siteIds: ['12', '34'],
        accountIds: ['56'],
        options: { 'deep-visibility': { source: 'sdl', filter: 'a = b' } },
      },
    });
  });

  it.each([
    [['--site-ids', '12,x'], '--site-ids: "x" is no id'],
    [['--option', 'nothing'], '--option: "nothing" is none'],
    [['--option', 'files.a=b'], '--option: "files.a=b" is none'],
    [['--option', 'threats.source=dv'], '--option: threats.source is no option of threats'],
    [
      ['--option', 'deep-visibility.source=x'],
      '--option: deep-visibility.source must be one of: auto, dv, sdl',
    ],
  ])('is refused in one line where it is no good: %j', (argv, words) => {
    expect(() => parse(...argv)).toThrow(words);
  });
});
