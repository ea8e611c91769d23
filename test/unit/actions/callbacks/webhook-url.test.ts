import { describe, expect, it } from 'vitest';
import { parseWebhookUrl } from '../../../../shared/actions/callbacks/webhook-url.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import { forbiddenHostUrls } from '../../../support/forbidden-host-urls.ts';

const policy = { suffixes: ['.soar.example.com'], loopback: false };

function refusalOf(url: string, by = policy): ConnectorError {
  try {
    parseWebhookUrl(url, by);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error(`${url} was not refused.`);
}

describe('the URL of a webhook', () => {
  it.each([
    ['https://acme.soar.example.com', 'https://acme.soar.example.com', '/'],
    ['https://acme.soar.example.com/hooks/7', 'https://acme.soar.example.com', '/hooks/7'],
    [
      'HTTPS://ACME.Soar.Example.com:443/Hooks?a=b%20c&d',
      'https://acme.soar.example.com',
      '/Hooks?a=b%20c&d',
    ],
    ['https://acme.soar.example.com?token=x', 'https://acme.soar.example.com', '/?token=x'],
    ['https://acme.soar.example.com/a/../b', 'https://acme.soar.example.com', '/b'],
    ['https://acme.soar.example.com//evil.com/@x', 'https://acme.soar.example.com', '//evil.com/@x'],
  ])('%s', (url, origin, path) => {
    expect(parseWebhookUrl(url, policy)).toStrictEqual({ origin, path });
  });

  it.each([
    ['acme.soar.example.com/hooks', 'must be an https:// address'],
    ['ftp://acme.soar.example.com/hooks', 'must be an https:// address'],
    ['', 'must be an https:// address'],
    ['https://acme.soar.example.com/hooks#part', 'without a fragment'],
    ['https://acme.soar.example.com/ho oks', 'visible ASCII'],
    ['https://acme.soar.example.com/hooks\r\nx: y', 'visible ASCII'],
    ['https://acme.soar.example.com/höoks', 'visible ASCII'],
    ['https://acme.soar.example.com\\@evil.com', 'backslash'],
    ['https://acme.soar.example.com/\\evil.com', 'backslash'],
    ['http://acme.soar.example.com/hooks', 'must start with https://'],
    ['https://acme.soar.example.com:8443/hooks', 'port 8443'],
    ['https://user:pass@acme.soar.example.com/', 'user name or password'],
    ['https://soar.example.com/hooks', 'the domain itself'],
    ['https://evilsoar.example.com/hooks', 'not below .soar.example.com'],
    ['https://acme.soar.example.com.evil.com/hooks', 'not below .soar.example.com'],
    ['https://evil.com?.soar.example.com', 'not below .soar.example.com'],
    ['https://evil.com/.soar.example.com', 'not below .soar.example.com'],
    ['https:///hooks', 'no host name'],
    ['https://10.0.0.1/hooks', 'IP address'],
    [`https://acme.soar.example.com/${'a'.repeat(2048)}`, 'longer than 2048'],
  ])('%j is refused: %s', (url, because) => {
    const error = refusalOf(url);
    expect(error).toMatchObject({ code: 'host_refused', retryable: false });
    expect(error.message).toContain(because);
  });

  it('is never one that a token must not be sent to', () => {
    expect(forbiddenHostUrls.length).toBeGreaterThan(20);
    for (const url of forbiddenHostUrls) expect(refusalOf(url).code).toBe('host_refused');
  });

  it('tells nothing of what stands behind the host', () => {
    expect(refusalOf('https://evil.com/hooks/T0PSECRET?key=T0PSECRET').message).not.toContain('T0PSECRET');
  });

  it('is refused whatever it is where the stack allows no domain', () => {
    const error = refusalOf('https://acme.soar.example.com/', { suffixes: [], loopback: false });
    expect(error.message).toContain('no domain is allowed');
  });

  it('may be on this machine where the policy says so, in the embedded mode', () => {
    const embedded = { suffixes: [], loopback: true };
    expect(parseWebhookUrl('http://127.0.0.1:8080/hooks', embedded)).toStrictEqual({
      origin: 'http://127.0.0.1:8080',
      path: '/hooks',
    });
    expect(refusalOf('http://127.0.0.1:8080/hooks').code).toBe('host_refused');
    expect(refusalOf('http://127.1:8080/hooks', embedded).code).toBe('host_refused');
  });
});
