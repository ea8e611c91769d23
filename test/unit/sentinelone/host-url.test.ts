import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import { type HostPolicy, parseHostUrl } from '../../../shared/sentinelone/host-url.ts';

const cloud: HostPolicy = { suffixes: ['.sentinelone.net'], loopback: false };
const embedded: HostPolicy = { suffixes: ['.sentinelone.net'], loopback: true };

function refusal(text: string, policy = cloud): ConnectorError {
  try {
    throw new Error(`accepted as ${parseHostUrl(text, policy)}`);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
}

describe('parseHostUrl cleans what people paste', () => {
  it.each([
    'https://acme.sentinelone.net',
    'https://acme.sentinelone.net/',
    'acme.sentinelone.net',
    'acme.sentinelone.net/',
    'acme.sentinelone.net:443',
    'https://acme.sentinelone.net:443/',
    '  https://acme.sentinelone.net \n',
    'HTTPS://ACME.SentinelOne.NET',
    'https://acme.sentinelone.net.',
    'acme.sentinelone.net./dashboard',
    'https://acme.sentinelone.net/dashboard',
    'https://acme.sentinelone.net/Dashboard/',
    'https://acme.sentinelone.net/login?next=%2Fdashboard',
    'https://acme.sentinelone.net/web/api/v2.1',
    'https://acme.sentinelone.net/web/api/v2.1/threats?limit=1',
    'https://acme.sentinelone.net/incidents/threats?filter={"timeTitle":"Last_24_Hours"}#row-7',
    'https://acme.sentinelone.net/analyze/threats/1392053568582758390/overview',
    'https://acme.sentinelone.net/visibility?page=1',
    'https://acme.sentinelone.net/sentinels/agents',
    'https://acme.sentinelone.net/settings/users#service',
    'https://acme.sentinelone.net/#/login',
    'https://acme.sentinelone.net?x=1',
  ])('%j', (text) => {
    expect(parseHostUrl(text, cloud)).toBe('https://acme.sentinelone.net');
  });

  it('keeps deeper names, and takes suffixes with and without the leading dot', () => {
    const policy = { suffixes: ['.sentinelone.net', 'S1.Example.com'], loopback: false };
    expect(parseHostUrl('euce1-120-mssp.sentinelone.net', policy)).toBe(
      'https://euce1-120-mssp.sentinelone.net',
    );
    expect(parseHostUrl('https://a.b.s1.example.com/login', policy)).toBe('https://a.b.s1.example.com');
    expect(refusal('https://evils1.example.com', policy).message).toContain('is not below');
  });
});

describe('parseHostUrl refuses, and says why', () => {
  it.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['https://', 'no host name'],
    ['https:///acme.sentinelone.net', 'no host name'],
    ['//acme.sentinelone.net', 'no host name'],
    ['/dashboard', 'no host name'],
    ['http://acme.sentinelone.net', 'must start with https'],
    ['ftp://acme.sentinelone.net', 'scheme "ftp"'],
    ['file:///etc/passwd', 'scheme "file"'],
    ['ws://acme.sentinelone.net', 'scheme "ws"'],
    ['gopher://acme.sentinelone.net/_x', 'scheme "gopher"'],
    ['javascript:alert(1)', 'scheme without "//"'],
    ['https:acme.sentinelone.net', 'scheme without "//"'],
    ['data:text/html,acme.sentinelone.net', 'scheme without "//"'],
    ['https://127.0.0.1', 'IP address'],
    ['https://10.0.0.1/', 'IP address'],
    ['169.254.169.254', 'IP address'],
    ['https://2130706433', 'IP address'],
    ['https://0x7f000001', 'IP address'],
    ['https://0x7f.1', 'IP address'],
    ['https://0177.0.0.1', 'IP address'],
    ['https://017700000001', 'IP address'],
    ['https://127.1', 'IP address'],
    ['https://0', 'IP address'],
    ['https://8.8.8.8.', 'IP address'],
    ['https://[::1]', 'IP address'],
    ['[::1]:443', 'IP address'],
    ['https://[::ffff:10.0.0.1]', 'IP address'],
    ['https://[fd00:ec2::254]/', 'IP address'],
    ['https://1.2.3.4.5', 'cannot be read'],
    ['https://user@acme.sentinelone.net', 'user name or password'],
    ['https://user:pass@acme.sentinelone.net', 'user name or password'],
    ['https://acme.sentinelone.net@evil.com', 'user name or password'],
    ['https://@acme.sentinelone.net', 'user name or password'],
    ['user:pass@acme.sentinelone.net', 'user name or password'],
    ['https://acme.sentinelone.net:8443', 'port 8443'],
    ['acme.sentinelone.net:80', 'port 80'],
    ['https://acme.sentinelone.net:99999', 'cannot be read'],
    ['https://acme.sentinelone.net:https', 'cannot be read'],
    ['https://localhost', 'is not below'],
    ['https://example.com', 'is not below'],
    ['https://sentinelone.net', 'the domain itself'],
    ['https://sentinelone.net.', 'the domain itself'],
    ['https://.sentinelone.net', 'not a valid host name'],
    ['https://evil-sentinelone.net', 'is not below'],
    ['https://evilsentinelone.net', 'is not below'],
    ['https://sentinelone.net.evil.com', 'is not below'],
    ['https://acme.sentinelone.net.evil.com', 'is not below'],
    ['https://acme.sentinelone.com', 'is not below'],
    ['https://acme.sentinelone.net%2eevil.com', 'percent-encoded'],
    ['https://acme%2esentinelone.net', 'percent-encoded'],
    ['https://acme.sentineIone.nét', 'outside ASCII'],
    ['https://аcme.sentinelone.net', 'outside ASCII'],
    ['https://acme。sentinelone。net', 'outside ASCII'],
    ['https://xn--cme-5cd.sentinelone.net', 'internationalised'],
    ['https://acme..sentinelone.net', 'not a valid host name'],
    ['https://acme.sentinelone.net..', 'not a valid host name'],
    ['https://-acme.sentinelone.net', 'not a valid host name'],
    ['https://ac_me.sentinelone.net', 'not a valid host name'],
    [`https://${'a'.repeat(64)}.sentinelone.net`, 'not a valid host name'],
    ['https://acme.sentinelone.net/foo', 'path "/foo"'],
    ['https://acme.sentinelone.net/web', 'path "/web"'],
    ['https://acme.sentinelone.net//evil.com', 'path "/"'],
    ['https://acme.sentinelone.net/dashboard/../foo', 'path "/foo"'],
    ['https://acme.sentinelone.net/%64ashboard', 'path "/%64ashboard"'],
    ['https://evil.com\\@acme.sentinelone.net', 'backslash'],
    ['https://evil.com\\.sentinelone.net', 'backslash'],
    ['https://acme.sentinelone.net\r\nHost: evil.com', 'control character'],
    ['https://ac\tme.sentinelone.net', 'control character'],
    ['https://acme.sentinelone.net\0', 'control character'],
    ['acme sentinelone net', 'control character'],
    [`https://acme.sentinelone.net/login?${'a'.repeat(3000)}`, 'longer than'],
  ])('%j: %s', (text, because) => {
    expect(refusal(text)).toMatchObject({
      code: 'host_refused',
      health: 'host',
      retryable: false,
      message: expect.stringContaining(because),
    });
  });

  it.each([
    'https://admin:hunter2secret@acme.sentinelone.net',
    'https://hunter2secret@evil.com/',
    'eyJhbGciOiJIUzI1NiJ9.hunter2secrethunter2secrethunter2secret.c2lnbmF0dXJl',
    'https://evil.com/login?token=hunter2secret',
  ])('without repeating secrets from %j', (text) => {
    expect(refusal(text).message.toLowerCase()).not.toContain('hunter2secret');
  });

  it('everything, for a text it has not taken apart: what comes out is https, below the suffix, and stable', () => {
    const part = fc.constantFrom(
      'https://',
      'http:',
      '//',
      '/',
      '@',
      ':',
      '.',
      'acme',
      'sentinelone.net',
      'evil.com',
      '[::1]',
      '%2e',
      '#',
      '?',
      '\\',
      '443',
      '127.0.0.1',
      'xn--a',
      ' ',
      '..',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
        ),
        (text) => {
          let origin: string;
          try {
            origin = parseHostUrl(text, cloud);
          } catch (error) {
            expect(error).toBeInstanceOf(ConnectorError);
            return;
          }
          expect(origin).toMatch(/^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*\.sentinelone\.net$/);
          expect(parseHostUrl(origin, cloud)).toBe(origin);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('parseHostUrl with the loopback policy', () => {
  it.each([
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['http://localhost:9000/', 'http://localhost:9000'],
    ['https://localhost:9443/web/api/v2.1', 'https://localhost:9443'],
    ['https://acme.sentinelone.net', 'https://acme.sentinelone.net'],
  ])('takes %s', (text, origin) => {
    expect(parseHostUrl(text, embedded)).toBe(origin);
  });

  it.each([
    'http://127.0.0.2:9000',
    'http://2130706433:9000',
    'http://127.1:9000',
    'http://0.0.0.0:9000',
    'http://[::1]:9000',
    'http://10.0.0.1',
    'http://acme.sentinelone.net',
    'http://localhost.evil.com',
    'http://user@localhost:9000',
    'ftp://localhost',
  ])('still refuses %s', (text) => {
    expect(refusal(text, embedded).code).toBe('host_refused');
  });

  it('is not the default: without it, loopback is refused', () => {
    expect(refusal('http://127.0.0.1:9000').message).toContain('IP address');
    expect(refusal('http://localhost:9000').message).toContain('is not below');
  });
});
