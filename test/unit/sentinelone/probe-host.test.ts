import { describe, expect, it } from 'vitest';
import { probeHost } from '../../../shared/sentinelone/probe-host.ts';
import type { SharedPacer } from '../../../shared/sentinelone/shared-pacer.ts';
import type { Transport, TransportRequest } from '../../../shared/sentinelone/transport.ts';
import { failure } from '../../contract/sentinelone/transport-helpers.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const origin = 'https://acme.sentinelone.net';

/** Asks a host that answers like this; tells what was asked, and what the pacer heard. */
function hostAnswering(status: number, body: string, headers: Record<string, string> = {}) {
  const requests: TransportRequest[] = [];
  const paced: string[] = [];
  const transport: Transport = {
    request: async (request) => {
      requests.push(request);
      return { status, headers, body: Buffer.from(body), complete: true, durationMs: 1 };
    },
    close: () => undefined,
  };
  const pacer: SharedPacer = {
    take: async (_, path) => void paced.push(`take ${path}`),
    heed: async (_, path, answer) => void paced.push(`heed ${path} ${answer.status} ${answer.retryAfterMs}`),
  };
  const { signal } = new AbortController();
  const outcome = probeHost({ origin, transport, pacer, clock: new ManualClock(0), signal });
  return { requests, paced, outcome, signal };
}

describe('a host', () => {
  it('is asked without a token', async () => {
    const { requests, outcome, signal } = hostAnswering(200, '{"data": {"health": "ok"}}');
    await outcome;
    expect(requests).toHaveLength(1);
    const [{ headers, ...request } = Object.create(null)] = requests;
    expect(request).toEqual({
      origin,
      method: 'GET',
      path: '/web/api/v2.1/system/status',
      timeoutMs: 6_000,
      signal,
    });
    expect(
      Object.keys(headers)
        .map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(['accept', 'user-agent']);
  });

  it.each([
    [200, '{"data": {}}'],
    [200, '{"data": {"health": "ok"}, "errors": null}'],
    [401, '{"errors": [{"code": 4010010, "title": "Authentication Failed"}]}'],
    [403, '{"errors": [{"code": 4030010}], "data": null}'],
    [404, '{"errors": [{"code": 4040010}]}'],
  ])('is a console that answers %i %s', async (status, body) => {
    const { outcome, paced } = hostAnswering(status, body);
    expect(await outcome).toBeUndefined();
    expect(paced).toEqual(['take /system/status']);
  });

  it.each([
    [200, '<!doctype html><title>Welcome</title>', 'with a web page'],
    [200, '{"status": "ok"}', 'with other JSON'],
    [200, '{"data": [1]}', 'with other JSON'],
    [200, '[]', 'with other JSON'],
    [200, 'OK', 'with a text'],
    [204, '', 'nothing'],
    [401, '<html></html>', 'with a web page'],
    [403, '{"message": "Forbidden"}', 'with other JSON'],
    [404, '404 page not found', 'with a text'],
  ])('is no console that answers %i %s', async (status, body, words) => {
    const error = await failure(hostAnswering(status, body).outcome);
    expect(error).toMatchObject({ code: 'not_a_console', health: 'host', httpStatus: status });
    expect(error.message).toBe(
      `GET /system/status: a server answers at the host URL, but not as a SentinelOne console does: it answered ${words} (HTTP ${status})`,
    );
    expect(error.recommendation).toContain('The token was not sent.');
  });

  it.each([
    [503, '<html></html>', 'console_unavailable'],
    [503, '{"data": {}}', 'console_unavailable'],
    [502, 'Bad Gateway', 'bad_gateway'],
    [403, '<html></html>', 'access_blocked'],
  ])('has trouble that answers %i %s', async (status, body, code) => {
    expect(await failure(hostAnswering(status, body).outcome)).toMatchObject({ code, httpStatus: status });
  });

  it('that asks to wait is heeded', async () => {
    const { outcome, paced } = hostAnswering(429, '<html></html>', { 'retry-after': '3' });
    expect(await failure(outcome)).toMatchObject({ code: 'throttled', httpStatus: 429, retryAfterMs: 3_000 });
    expect(paced).toEqual(['take /system/status', 'heed /system/status 429 3000']);
  });
});
