import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpGateway, startHttpGateway } from '../../../local/stack/http-gateway.ts';
import type { GatewayEvent } from '../../../shared/lambda/gateway-event.ts';

let gateway: HttpGateway | undefined;
const complaints: unknown[] = [];

afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  complaints.length = 0;
});

/** A gateway before a function that is given here. */
async function serve(invoke: (event: GatewayEvent) => Promise<unknown>): Promise<string> {
  gateway = await startHttpGateway({
    target: { invoke: (event) => invoke(event as GatewayEvent) },
    port: 0,
    onError: (error) => complaints.push(error),
  });
  return gateway.url;
}

/** The event that a call becomes. `fetch` would tidy up its path and headers before. */
async function eventOf(path: string, headers: Record<string, string | string[]> = {}): Promise<GatewayEvent> {
  const events: GatewayEvent[] = [];
  const { port } = new URL(
    await serve(async (event) => {
      events.push(event);
      return { statusCode: 204 };
    }),
  );
  await new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume().once('end', resolve);
    })
      .once('error', reject)
      .end();
  });
  const [event] = events;
  if (event === undefined) throw new Error('The function was not called.');
  return event;
}

describe('the gateway of the embedded mode', () => {
  it('hands the function an event as API Gateway does, and the caller its answer', async () => {
    const events: GatewayEvent[] = [];
    const url = await serve(async (event) => {
      events.push(event);
      return { statusCode: 201, headers: { ETag: '"1"' }, body: '{"name":"Zürich"}' };
    });

    const response = await fetch(`${url}/v1/connectors`, {
      method: 'POST',
      headers: { 'x-api-key': 'sl_x', 'content-type': 'application/json' },
      body: '{"name":"Zürich"}',
    });

    expect(response.status).toBe(201);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.json()).toStrictEqual({ name: 'Zürich' });
    expect(events).toMatchObject([
      {
        httpMethod: 'POST',
        path: '/v1/connectors',
        multiValueHeaders: { 'x-api-key': ['sl_x'], 'content-type': ['application/json'] },
        body: '{"name":"Zürich"}',
        isBase64Encoded: false,
        requestContext: { identity: { sourceIp: '127.0.0.1', userArn: null } },
      },
    ]);
  });

  it('tells every call apart by an id', async () => {
    const ids = [await eventOf('/'), await eventOf('/')].map(
      ({ requestContext }) => requestContext.requestId,
    );
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('hands on every value of a header that comes several times', async () => {
    const { multiValueHeaders } = await eventOf('/v1/whoami', { 'X-Api-Key': ['one', 'two'] });
    expect(multiValueHeaders).toMatchObject({ 'x-api-key': ['one', 'two'] });
  });

  it('decodes a query and keeps every value of a parameter', async () => {
    const event = await eventOf('/v1/x?tenant=a%26b&tenant=c+d&empty=&flag&constructor=e&__proto__=f');
    expect(event.path).toBe('/v1/x');
    expect(Object.entries(event.multiValueQueryStringParameters ?? {})).toStrictEqual([
      ['tenant', ['a&b', 'c d']],
      ['empty', ['']],
      ['flag', ['']],
      ['constructor', ['e']],
      ['__proto__', ['f']],
    ]);
  });

  it.each([
    ['//v1/health', '//v1/health'],
    ['//', '//'],
    ['/v1/connectors/acme%2Fedr', '/v1/connectors/acme%2Fedr'],
  ])('takes the path %s for a path and never for a host', async (asked, path) => {
    expect((await eventOf(asked)).path).toBe(path);
  });

  it('has no body where none was sent', async () => {
    expect((await eventOf('/v1/health')).body).toBeNull();
  });

  it('refuses a body above 10 MB as a problem, and does not call the function', async () => {
    let calls = 0;
    const url = await serve(async () => {
      calls += 1;
      return { statusCode: 200 };
    });
    const post = (bytes: number) => fetch(url, { method: 'POST', body: 'x'.repeat(bytes) });
    const most = 10 * 1024 * 1024;

    const response = await post(most + 1);

    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(calls).toBe(0);
    expect((await post(most)).status).toBe(200);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['dies', () => Promise.reject(new Error('the process ended (SIGKILL)'))],
    ['returns nothing', () => Promise.resolve(undefined)],
    ['returns no status', () => Promise.resolve({ body: 'x' })],
    ['returns a status that is none', () => Promise.resolve({ statusCode: 42 })],
  ])('answers a problem with 502 where the function %s, and goes on serving', async (_, answer) => {
    let next = answer;
    const url = await serve(() => next());

    const response = await fetch(`${url}/v1/health`);

    expect(response.status).toBe(502);
    const problem = await response.json();
    expect(problem).toMatchObject({ status: 502, code: 'gateway_failed' });
    expect(JSON.stringify(problem)).not.toContain('SIGKILL');
    next = async () => ({ statusCode: 200, body: '{}' });
    expect((await fetch(`${url}/v1/health`)).status).toBe(200);
  });

  it('lets four calls in at once, because each is a process, and has the others wait their turn', async () => {
    let working = 0;
    let most = 0;
    const url = await serve(async () => {
      working += 1;
      most = Math.max(most, working);
      // Time for all of them to come in.
      for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
      working -= 1;
      return { statusCode: 200 };
    });

    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)));

    expect(answers.map(({ status }) => status)).toStrictEqual(Array.from({ length: 20 }, () => 200));
    expect(most).toBe(4);
  });

  it('has nothing to complain of where a caller hangs up in the middle', async () => {
    const { port } = new URL(await serve(async () => ({ statusCode: 200 })));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n');
    // The call is being read once the server has said that it wants the rest.
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('100 Continue');

    socket.destroy();
    await gateway?.stop();
    gateway = undefined;
    // What the end of a connection sets off runs in the next turns of the event loop.
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);

    expect(complaints).toStrictEqual([]);
  });

  it('cuts calls that are under way when it stops', async () => {
    let called: (value: unknown) => void = () => undefined;
    const reached = new Promise((resolve) => (called = resolve));
    const url = await serve(async () => {
      called(undefined);
      return new Promise(() => undefined);
    });
    const cut = expect(fetch(url)).rejects.toThrow('fetch failed');
    await reached;
    await gateway?.stop();
    gateway = undefined;
    await cut;
  });

  it('rejects where the port is taken', async () => {
    const { port } = new URL(await serve(async () => ({ statusCode: 200 })));
    const second = startHttpGateway({
      target: { invoke: async () => undefined },
      port: Number(port),
      onError: () => undefined,
    });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
