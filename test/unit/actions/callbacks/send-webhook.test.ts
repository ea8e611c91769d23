import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createWebhookSender,
  type WebhookSenderOptions,
} from '../../../../shared/actions/callbacks/send-webhook.ts';
import { tellOutcomes } from '../../../../shared/actions/callbacks/tell.ts';
import { verifySignature } from '../../../../shared/actions/callbacks/webhook-signature.ts';
import { afterTelling } from '../../../../shared/actions/run/after-telling.ts';
import {
  closedPort,
  scriptedServer,
  testCertificate,
} from '../../../contract/sentinelone/scripted-server.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemorySecrets } from '../../../support/memory/memory-secrets.ts';
import { lastEvent, requestedAt, toldAction } from './told-action.ts';

const secret = 'whsec_00112233445566778899aabbccddeeff';
const event = lastEvent();
const path = '/hooks/T0PSECRET?key=T0PSECRET';

function senderWith(options: Partial<WebhookSenderOptions> = {}, stored: string | null = secret) {
  const secrets = new MemorySecrets();
  if (stored !== null) secrets.values.set('acme/_webhook', stored);
  const clock = new ManualClock(requestedAt);
  const policy = { suffixes: ['.soar.example.com'], loopback: true };
  const sender = createWebhookSender({ clock, policy, secrets, ...options });
  onTestFinished(() => sender.close());
  return { clock, secrets, sender };
}

const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

describe('a webhook', () => {
  it('is the event as JSON, under its id, signed with the tenant’s secret', async () => {
    const bodies: string[] = [];
    const server = await scriptedServer(async (request, response) => {
      bodies.push(await text(request));
      response.writeHead(204).end();
    });
    const { sender, clock } = senderWith();
    expect(await sender.send(`${server.origin}${path}`, event)).toStrictEqual({
      kind: 'delivered',
      status: 204,
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', url: path });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'sentinel-lake-event-id': 'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3',
      'user-agent': expect.stringMatching(/^sentinel-lake\//),
      connection: 'close',
    });
    const [body = ''] = bodies;
    expect(JSON.parse(body)).toStrictEqual(event);
    const signature = String(request?.headers['sentinel-lake-signature']);
    expect(verifySignature(secret, signature, body, clock.now(), 0)).toBe(true);
    expect(JSON.stringify(request?.headers)).not.toContain(secret);
  });

  it('is delivered with every 2xx, whatever stands in the answer', async () => {
    for (const status of [200, 201, 202, 299]) {
      const server = await scriptedServer(answering(status, { 'content-type': 'text/html' }, '<html>'));
      expect(await senderWith().sender.send(server.origin, event)).toStrictEqual({
        kind: 'delivered',
        status,
      });
    }
  });

  it.each([
    [200, { kind: 'delivered', status: 200 }],
    [500, { kind: 'failed', retryable: true }],
    [400, { kind: 'failed', retryable: false }],
  ])('with HTTP %i counts by its status where its answer has no end', async (status, delivery) => {
    const server = await scriptedServer((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.writeHead(status).on('drain', more);
      more();
    });
    expect(await senderWith().sender.send(server.origin, event)).toMatchObject(delivery);
  });

  it('is delivered where the answer broke off or is not what it says', async () => {
    const cut = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    const odd = await scriptedServer(answering(200, { 'content-encoding': 'gzip' }, 'no gzip'));
    const { sender } = senderWith();
    expect(await sender.send(cut.origin, event)).toStrictEqual({ kind: 'delivered', status: 200 });
    expect(await sender.send(odd.origin, event)).toStrictEqual({ kind: 'delivered', status: 200 });
  });

  it.each([
    [400, false],
    [401, true],
    [403, true],
    [404, true],
    [405, false],
    [408, true],
    [409, false],
    [410, false],
    [413, false],
    [422, false],
    [425, true],
    [429, true],
    [500, true],
    [501, true],
    [502, true],
    [503, true],
    [599, true],
  ])('that is answered with HTTP %i is tried again: %s', async (status, retryable) => {
    const server = await scriptedServer(answering(status));
    expect(await senderWith().sender.send(`${server.origin}${path}`, event)).toStrictEqual({
      kind: 'failed',
      retryable,
      why: expect.stringContaining(`POST ${server.origin}: the receiver answered HTTP ${status}. `),
    });
  });

  it.each([
    ['30', 30_000],
    ['Tue, 24 Nov 2026 12:01:00 GMT', 60_000],
    ['soon', undefined],
  ])('waits as the receiver asks: %s', async (retryAfter, ms) => {
    const server = await scriptedServer(answering(503, { 'retry-after': retryAfter }));
    const delivery = await senderWith().sender.send(server.origin, event);
    expect(delivery.kind === 'failed' && delivery.retryAfterMs).toBe(ms);
  });

  it.each([301, 302, 307, 308])(
    'follows no HTTP %i, and says where it was to go, not how',
    async (status) => {
      const target = await scriptedServer(answering(200));
      const server = await scriptedServer(
        answering(status, { location: `${target.origin}/hooks/T0PSECRET` }),
      );
      const delivery = await senderWith().sender.send(`${server.origin}${path}`, event);
      expect(delivery).toMatchObject({ kind: 'failed', retryable: false });
      expect(target.requests).toHaveLength(0);
      const why = delivery.kind === 'failed' ? delivery.why : '';
      expect(why).toContain(
        `POST ${server.origin}: the host redirects to 127.0.0.1:${target.port} (HTTP ${status})`,
      );
      expect(why).not.toContain('T0PSECRET');
    },
  );

  it.each(['head', 'body'])(
    'fails after 10 seconds where the %s of the answer does not come',
    async (part) => {
      const { promise: asked, resolve } = Promise.withResolvers<void>();
      const server = await scriptedServer((_, response) => {
        if (part === 'body') response.writeHead(200).write('half', () => resolve());
        else resolve();
      });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      onTestFinished(() => {
        vi.useRealTimers();
      });
      const sending = senderWith().sender.send(`${server.origin}${path}`, event);
      await asked;
      vi.advanceTimersByTime(9_999);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(1);
      expect(await sending).toStrictEqual({
        kind: 'failed',
        retryable: true,
        why: `POST ${server.origin}: no complete answer within 10000 ms. Nothing to do if it is rare.`,
      });
    },
  );

  it('is tried again where nobody listens, and the path stays unsaid', async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    expect(await senderWith().sender.send(`${origin}${path}`, event)).toStrictEqual({
      kind: 'failed',
      retryable: true,
      why: `POST ${origin}: the connection was refused (ECONNREFUSED). Nothing to do if it is rare.`,
    });
  });

  it('goes over TLS with a certificate that is trusted, and is tried again where it is not', async () => {
    const server = await scriptedServer(answering(200), 'https');
    const trusting = senderWith({ ca: testCertificate }).sender;
    expect(await trusting.send(server.origin, event)).toStrictEqual({ kind: 'delivered', status: 200 });
    expect(await senderWith().sender.send(server.origin, event)).toMatchObject({
      kind: 'failed',
      retryable: true,
      why: expect.stringContaining('certificate'),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a host that is refused', () => {
  it.each([
    ['https://evil.com/hooks', 'not below .soar.example.com'],
    ['http://acme.soar.example.com/hooks', 'must start with https://'],
    ['https://soar.example.com/hooks', 'the domain itself'],
    ['hooks', 'must be an https:// address'],
  ])('is never looked up, nor is the secret: %s', async (url, because) => {
    const { sender, secrets } = senderWith({
      resolve: async () => Promise.reject(new Error('was looked up')),
    });
    expect(await sender.send(url, event)).toStrictEqual({
      kind: 'failed',
      retryable: false,
      why: expect.stringMatching(new RegExp(`${because.replaceAll('.', '\\.')}.*callbackHostSuffixes`)),
    });
    expect(secrets.reads).toBe(0);
  });

  it.each(['10.0.0.1', '127.0.0.1', '169.254.169.254', '192.168.1.1'])(
    'is one whose name leads to %s',
    async (address) => {
      const { sender } = senderWith({ resolve: async () => [{ address, family: 4 }] });
      const delivery = await sender.send(`https://acme.soar.example.com${path}`, event);
      expect(delivery).toMatchObject({
        kind: 'failed',
        retryable: false,
        why: expect.stringContaining(`"acme.soar.example.com" has the address ${address}`),
      });
    },
  );

  it('is loopback where the policy does not allow it', async () => {
    const server = await scriptedServer(answering(200));
    const { sender } = senderWith({ policy: { suffixes: ['.soar.example.com'], loopback: false } });
    expect(await sender.send(server.origin, event)).toMatchObject({ kind: 'failed', retryable: false });
    expect(server.connections).toHaveLength(0);
  });
});

describe('the secret of webhooks', () => {
  it('has to be there', async () => {
    const server = await scriptedServer(answering(200));
    expect(await senderWith({}, null).sender.send(server.origin, event)).toStrictEqual({
      kind: 'failed',
      retryable: false,
      why: expect.stringContaining('Store one as acme/_webhook'),
    });
    expect(server.connections).toHaveLength(0);
  });

  it.each([
    '',
    'whsec_',
    'whsec_short',
    `${secret}\n`,
    ` ${secret}`,
    secret.slice(6),
    JSON.stringify({ secret }),
    `whsec_${'a'.repeat(201)}`,
  ])('has to be one, and is not shown where it is not: %j', async (stored) => {
    const server = await scriptedServer(answering(200));
    const delivery = await senderWith({}, stored).sender.send(server.origin, event);
    expect(delivery).toMatchObject({ kind: 'failed', retryable: false });
    expect(delivery.kind === 'failed' && delivery.why).toContain('acme/_webhook is not "whsec_"');
    expect(JSON.stringify(delivery)).not.toContain('00112233');
    expect(server.connections).toHaveLength(0);
  });

  it('is used as it is stored now', async () => {
    const signatures: string[] = [];
    const server = await scriptedServer((request, response) => {
      signatures.push(String(request.headers['sentinel-lake-signature']));
      response.end();
    });
    const { sender, secrets, clock } = senderWith();
    await sender.send(server.origin, event);
    const next = `whsec_${'f'.repeat(32)}`;
    await secrets.put({ tenant: 'acme', connector: '_webhook' }, next);
    await sender.send(server.origin, event);
    const isOf = (key: string) =>
      signatures.map((signature) => verifySignature(key, signature, JSON.stringify(event), clock.now(), 0));
    expect(isOf(secret)).toStrictEqual([true, false]);
    expect(isOf(next)).toStrictEqual([false, true]);
  });
});

describe('telling over HTTP', () => {
  it('comes back after an HTTP 500 with the same event, signed anew', async () => {
    const seen: { id: unknown; body: string; signature: string }[] = [];
    const server = await scriptedServer(async (request, response) => {
      const { 'sentinel-lake-event-id': id, 'sentinel-lake-signature': signature } = request.headers;
      seen.push({ id, body: await text(request), signature: String(signature) });
      response.writeHead(seen.length === 1 ? 500 : 200).end();
    });
    const { sender, clock } = senderWith();
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const deps = { clock, random: () => 0, log, webhooks: sender };
    const policy = { webhook: { url: server.origin } };
    const action = toldAction();
    const first = await tellOutcomes(action, policy, deps);
    expect(first).toMatchObject({ told: 2, tellFailures: 1, retryAt: clock.now() + 10_000 });
    const later = afterTelling(action, first, clock.now());
    clock.advance(10_000);
    expect(await tellOutcomes(later, policy, deps)).toStrictEqual({ told: 3, tellFailures: 0, notes: [] });
    expect(seen.map(({ id }) => id)).toStrictEqual([
      'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3',
      'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3',
    ]);
    const [before, after] = seen;
    expect(after?.body).toBe(before?.body);
    expect(after?.signature).not.toBe(before?.signature);
    expect(verifySignature(secret, after?.signature ?? '', after?.body ?? '', clock.now(), 0)).toBe(true);
  });
});
