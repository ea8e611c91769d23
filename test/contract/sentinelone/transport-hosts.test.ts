import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closedPort, scriptedServer, testCertificate } from './scripted-server.ts';
import { failure, get, transportWith } from './transport-helpers.ts';

describe('Transport: hosts', () => {
  it.each([
    'https://evil.com',
    'https://sentinelone.net.evil.com',
    'http://acme.sentinelone.net',
    'https://10.0.0.1',
    'https://acme.sentinelone.net/',
    'https://ACME.sentinelone.net',
    'acme.sentinelone.net',
  ])('does not talk to %s', async (origin) => {
    const transport = transportWith({ resolve: async () => Promise.reject(new Error('was looked up')) });
    expect(await failure(transport.request(get(origin)))).toMatchObject({
      code: 'host_refused',
      health: 'host',
    });
  });

  it('does not talk to loopback unless the policy allows it', async () => {
    const server = await scriptedServer((_, response) => response.end());
    const transport = transportWith({ policy: { suffixes: ['.sentinelone.net'], loopback: false } });
    expect(await failure(transport.request(get(server.origin)))).toMatchObject({ code: 'host_refused' });
    expect(server.connections).toHaveLength(0);
  });

  it.each(['127.0.0.1', '169.254.169.254', '10.1.2.3'])(
    'does not connect to a console at %s',
    async (address) => {
      const asked: string[] = [];
      const transport = transportWith({
        resolve: async (hostname) => {
          asked.push(hostname);
          return [{ address, family: 4 }];
        },
      });
      const error = await failure(transport.request(get('https://acme.sentinelone.net')));
      expect(error).toMatchObject({ code: 'host_refused', retryable: false });
      expect(error.message).toContain(address);
      expect(asked).toEqual(['acme.sentinelone.net']);
    },
  );

  it.each([301, 302, 303, 307, 308, 304])('does not follow a %i', async (status) => {
    const target = await scriptedServer((_, response) => response.end('{}'));
    const server = await scriptedServer((_, response) => {
      response.writeHead(status, { location: `${target.origin}/login?session=abc` }).end();
    });
    const error = await failure(transportWith().request(get(server.origin)));
    expect(error).toMatchObject({
      code: 'redirect_refused',
      health: 'host',
      retryable: false,
      httpStatus: status,
    });
    expect(error.message).toContain(`to 127.0.0.1:${target.port} (HTTP ${status})`);
    expect(error.message).not.toContain('session');
    expect(target.requests).toHaveLength(0);
  });

  it.each([
    ['/login', 'to another path'],
    [undefined, 'without saying where to'],
  ])('reports a redirect to %j', async (location, words) => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(302, location === undefined ? {} : { location }).end();
    });
    expect((await failure(transportWith().request(get(server.origin)))).message).toContain(words);
  });
});

describe('Transport: TLS', () => {
  const answered = (_: unknown, response: { end(text: string): unknown }) => response.end('{}');

  it('refuses a certificate that nobody vouches for, before anything is sent', async () => {
    const server = await scriptedServer(answered, 'https');
    const error = await failure(transportWith().request(get(server.origin)));
    expect(error).toMatchObject({ code: 'certificate_refused', health: 'host', retryable: false });
    expect(server.requests).toHaveLength(0);
  });

  it('cannot be told by the environment to accept it', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    });
    const server = await scriptedServer(answered, 'https');
    expect(await failure(transportWith().request(get(server.origin)))).toMatchObject({
      code: 'certificate_refused',
    });
    expect(server.requests).toHaveLength(0);
  });

  it('accepts it where it is given as an authority', async () => {
    const server = await scriptedServer(answered, 'https');
    const answer = await transportWith({ ca: testCertificate }).request(get(server.origin));
    expect(answer.status).toBe(200);
  });

  it('refuses a certificate for another name', async () => {
    const server = await scriptedServer(answered, 'https');
    const transport = transportWith({ ca: testCertificate });
    const error = await failure(transport.request(get(`https://127.0.0.1:${server.port}`)));
    expect(error).toMatchObject({ code: 'certificate_refused', retryable: false });
    expect(server.requests).toHaveLength(0);
  });

  it('reports a host that does not speak TLS', async () => {
    const server = await scriptedServer(answered);
    const error = await failure(transportWith().request(get(`https://127.0.0.1:${server.port}`)));
    expect(error).toMatchObject({ code: 'tls_failed', retryable: true });
  });
});

describe('Transport: connections that fail', () => {
  it('reports a refused one', async () => {
    const error = await failure(transportWith().request(get(`http://127.0.0.1:${await closedPort()}`)));
    expect(error).toMatchObject({ code: 'connection_refused', health: 'unavailable', retryable: true });
    expect(error.message).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/web\/api\/v2\.1\/threats: the connection was refused \(ECONNREFUSED\)$/,
    );
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('reports a name that cannot be resolved: %s', async (code) => {
    const resolve = async () => Promise.reject(Object.assign(new Error('lookup failed'), { code }));
    const error = await failure(transportWith({ resolve }).request(get('https://acme.sentinelone.net')));
    expect(error).toMatchObject({ code: 'name_not_resolved', health: 'unavailable', retryable: true });
    expect(error.message).toContain(code);
  });

  it('does not take a bug for the network', async () => {
    const bug = new TypeError('undefined is not a function');
    const resolve = async () => Promise.reject(bug);
    await expect(transportWith({ resolve }).request(get('https://acme.sentinelone.net'))).rejects.toBe(bug);
  });

  it('reports an answer that is no HTTP, without its bytes', async () => {
    const server = createTcpServer((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-secret-banner\r\n')),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const error = await failure(transportWith().request(get(`http://127.0.0.1:${port}`)));
    expect(error).toMatchObject({ code: 'response_malformed', retryable: true });
    expect(error.message).not.toContain('secret-banner');
  });

  it('reports headers without end', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'x-long': 'a'.repeat(20_000) }).end();
    });
    expect(await failure(transportWith().request(get(server.origin)))).toMatchObject({
      code: 'response_malformed',
    });
  });
});
