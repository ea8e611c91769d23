import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { scriptedServer } from './scripted-server.ts';
import { failure, get, transportWith } from './transport-helpers.ts';

describe('Transport: a request', () => {
  it('is sent as it is given, and its answer comes back whole', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'retry-after': '7' }).end('{"data":[]}');
    });
    const answer = await transportWith().request(get(server.origin));
    expect(answer).toMatchObject({ status: 200, complete: true, headers: { 'retry-after': '7' } });
    expect(answer.body.toString()).toBe('{"data":[]}');
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'GET', url: '/web/api/v2.1/threats?limit=1' });
    expect(request?.headers).toMatchObject({
      authorization: 'ApiToken secret-token',
      'accept-encoding': 'gzip',
      host: `127.0.0.1:${server.port}`,
    });
  });

  it('carries a body with its length in bytes', async () => {
    const received: string[] = [];
    const server = await scriptedServer((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => received.push(chunk));
      request.on('end', () => response.end());
    });
    await transportWith().request(get(server.origin, { method: 'POST', body: '{"text":"é"}' }));
    expect(received.join('')).toBe('{"text":"é"}');
    expect(server.requests[0]?.headers).toMatchObject({ 'content-length': '13' });
  });

  it('measures by the given clock', async () => {
    const times = [1000, 1234];
    const server = await scriptedServer((_, response) => response.end());
    const transport = transportWith({ clock: { now: () => times.shift() ?? 0 } });
    expect((await transport.request(get(server.origin))).durationMs).toBe(234);
  });

  it('keeps the connection for the next one, and close() ends it', async () => {
    const server = await scriptedServer((_, response) => response.end('{}'));
    const transport = transportWith();
    for (let count = 0; count < 3; count += 1) await transport.request(get(server.origin));
    expect(server.connections).toHaveLength(1);
    const ended = new Promise((resolve) => server.connections[0]?.once('close', resolve));
    transport.close();
    await ended;
  });

  it('is sent again on a new connection when the kept one had been closed', async () => {
    const server = await scriptedServer((request, response) => {
      if (server.requests.length === 2) request.socket.resetAndDestroy();
      else response.end('{}');
    });
    const transport = transportWith();
    await transport.request(get(server.origin));
    expect((await transport.request(get(server.origin))).status).toBe(200);
    expect(server.requests).toHaveLength(3);
    expect(server.connections).toHaveLength(2);
  });

  it('is not sent again when a new connection is reset, nor when it is no GET', async () => {
    const server = await scriptedServer((request, response) => {
      if (request.method === 'GET' && server.requests.length > 1) response.end('{}');
      else request.socket.resetAndDestroy();
    });
    const transport = transportWith();
    expect(await failure(transport.request(get(server.origin)))).toMatchObject({ code: 'connection_failed' });
    await transport.request(get(server.origin));
    expect(
      await failure(transport.request(get(server.origin, { method: 'POST', body: '{}' }))),
    ).toMatchObject({
      code: 'connection_failed',
    });
    expect(server.requests).toHaveLength(3);
  });
});

describe('Transport: time', () => {
  it('gives up on a host that does not answer', async () => {
    const server = await scriptedServer(() => {});
    const error = await failure(transportWith().request(get(server.origin, { timeoutMs: 1 })));
    expect(error).toMatchObject({ code: 'timeout', health: 'unavailable', retryable: true });
    expect(error.message).toContain('within 1 ms');
  });

  it('gives up on an answer that does not end', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"data":');
    });
    expect(await failure(transportWith().request(get(server.origin, { timeoutMs: 200 })))).toMatchObject({
      code: 'timeout',
    });
  });

  it('stops with the reason of the caller, before the request and during it', async () => {
    const reason = new Error('deadline');
    const abort = new AbortController();
    const server = await scriptedServer(() => abort.abort(reason));
    const transport = transportWith();
    await expect(transport.request(get(server.origin, { signal: abort.signal }))).rejects.toBe(reason);
    await expect(transport.request(get(server.origin, { signal: abort.signal }))).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  it('stops in the middle of the body as well', async () => {
    const reason = new Error('deadline');
    const abort = new AbortController();
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"data":', () => abort.abort(reason));
    });
    await expect(transportWith().request(get(server.origin, { signal: abort.signal }))).rejects.toBe(reason);
  });
});

describe('Transport: bodies', () => {
  const json = JSON.stringify({ data: Array.from({ length: 100 }, (_, id) => ({ id })) });

  it.each(['gzip', 'x-gzip', 'GZIP'])('unpacks %s', async (encoding) => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync(json));
    });
    expect((await transportWith().request(get(server.origin))).body.toString()).toBe(json);
  });

  it('takes exactly as much as is allowed, and no byte more', async () => {
    const server = await scriptedServer((request, response) => {
      response.end('x'.repeat(request.url === '/fits' ? 1000 : 1001));
    });
    const transport = transportWith({ maxBodyBytes: 1000 });
    expect((await transport.request(get(server.origin, { path: '/fits' }))).body).toHaveLength(1000);
    expect(await failure(transport.request(get(server.origin, { path: '/more' })))).toMatchObject({
      code: 'response_too_large',
      retryable: false,
      httpStatus: 200,
    });
  });

  it('does not unpack more than that either', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000)));
    });
    const transport = transportWith({ maxBodyBytes: 1_000_000 });
    expect(await failure(transport.request(get(server.origin)))).toMatchObject({
      code: 'response_too_large',
    });
  });

  it.each([
    ['the promised length', { 'content-length': String(json.length) }, Buffer.from(json)],
    ['the last chunk', {}, Buffer.from(json)],
    ['the end of the gzip stream', { 'content-encoding': 'gzip' }, gzipSync(json)],
  ])('reports an answer cut before %s', async (_, headers, body) => {
    const server = await scriptedServer((request, response) => {
      response.writeHead(200, headers);
      response.write(body.subarray(0, body.length - 20), () => request.socket.destroy());
    });
    expect(await failure(transportWith().request(get(server.origin)))).toMatchObject({
      code: 'response_cut',
      health: 'unavailable',
      retryable: true,
      httpStatus: 200,
    });
  });

  it('notices a gzip stream that stops although the answer ends well', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(json).subarray(0, 40));
    });
    expect(await failure(transportWith().request(get(server.origin)))).toMatchObject({
      code: 'response_cut',
    });
  });

  it.each([
    ['gzip', json],
    ['br', json],
  ])('reports a body that is not the %s it claims to be', async (encoding, body) => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    expect(await failure(transportWith().request(get(server.origin)))).toMatchObject({
      code: 'response_malformed',
      retryable: true,
    });
  });

  it('gives a failure with its status even when its body broke off', async () => {
    const server = await scriptedServer((request, response) => {
      response.writeHead(503, { 'content-length': '1000', 'retry-after': '9' });
      response.write('{"errors":[', () => request.socket.destroy());
    });
    const answer = await transportWith().request(get(server.origin));
    expect(answer).toMatchObject({ status: 503, complete: false, headers: { 'retry-after': '9' } });
    expect(answer.body.toString()).toBe('{"errors":[');
  });

  it('keeps only the beginning of a large failure', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(502).end('x'.repeat(1_000_000));
    });
    const answer = await transportWith().request(get(server.origin));
    expect(answer).toMatchObject({ status: 502, complete: false });
    expect(answer.body).toHaveLength(64 * 1024);
  });
});
