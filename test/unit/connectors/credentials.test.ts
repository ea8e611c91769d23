import { describe, expect, it } from 'vitest';
import { createCredentialsCache } from '../../../shared/connectors/credentials.ts';
import { openConsole } from '../../../shared/connectors/open-console.ts';
import { ConnectorError } from '../../../shared/errors.ts';
import type { ConsoleCredentials } from '../../../shared/ports.ts';
import { errorFromResponse } from '../../../shared/sentinelone/error-from-response.ts';
import { listOnly } from '../../support/list-only.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemorySecrets } from '../../support/memory/memory-secrets.ts';

const edr = { tenant: 'acme', connector: 'edr' };
const credentials = (apiToken: string): ConsoleCredentials => ({
  hostUrl: 'https://acme.sentinelone.net',
  apiToken,
});

function world(capacity = 2) {
  const secrets = new MemorySecrets();
  const clock = new ManualClock(0);
  return { secrets, clock, cache: createCredentialsCache({ secrets, clock, ttlMs: 1_000, capacity }) };
}

describe('the credentials cache', () => {
  it('reads a secret once until it is old or dropped', async () => {
    const { secrets, clock, cache } = world();
    await secrets.put(edr, JSON.stringify(credentials('one')));
    expect(await cache.get(edr)).toStrictEqual(credentials('one'));
    await secrets.put(edr, JSON.stringify(credentials('two')));
    clock.advance(999);
    expect(await cache.get(edr)).toStrictEqual(credentials('one'));
    clock.advance(1);
    expect(await cache.get(edr)).toStrictEqual(credentials('two'));
    await secrets.put(edr, JSON.stringify(credentials('three')));
    cache.drop(edr);
    expect(await cache.get(edr)).toStrictEqual(credentials('three'));
    expect(secrets.reads).toBe(3);
  });

  it('keeps the most recently used ones', async () => {
    const { secrets, cache } = world(2);
    const keys = ['a', 'b', 'c'].map((connector) => ({ tenant: 'acme', connector }));
    for (const key of keys) await secrets.put(key, JSON.stringify(credentials(key.connector)));
    const [a = edr, b = edr, c = edr] = keys;
    await cache.get(a);
    await cache.get(b);
    await cache.get(a);
    await cache.get(c);
    secrets.reads = 0;
    await cache.get(a);
    await cache.get(c);
    expect(secrets.reads).toBe(0);
    await cache.get(b);
    expect(secrets.reads).toBe(1);
  });

  it.each([
    ['is missing', undefined, 'secret_missing'],
    ['is not JSON', 'eyJsecret', 'secret_malformed'],
    ['is null', 'null', 'secret_malformed'],
    ['has no token', '{"hostUrl":"https://acme.sentinelone.net"}', 'secret_malformed'],
    ['has an empty token', '{"hostUrl":"https://acme.sentinelone.net","apiToken":""}', 'secret_malformed'],
    ['has a number for a host', '{"hostUrl":5,"apiToken":"eyJsecret"}', 'secret_malformed'],
  ])('says when the secret %s, without telling what is in it', async (_, text, code) => {
    const { secrets, cache } = world();
    if (text !== undefined) await secrets.put(edr, text);
    const error = await cache.get(edr).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({
      code,
      health: 'credentials',
      message: expect.stringContaining('acme/edr'),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain('eyJsecret');
  });
});

describe('openConsole', () => {
  // As the client really builds it: a made-up code would prove nothing.
  const refused = errorFromResponse(
    {
      request: 'GET /threats',
      status: 401,
      body: Buffer.from('{"errors":[{"code":4010010,"title":"Authentication Failed"}]}'),
    },
    { now: 0, secrets: [] },
  );
  /** A console that knows one token. */
  function consoleThatKnows(token: string) {
    const asked: string[] = [];
    const connect = ({ hostUrl, apiToken }: ConsoleCredentials) => ({
      hostUrl,
      now: () => 0,
      api: listOnly(async () => {
        asked.push(apiToken);
        if (apiToken !== token) throw refused;
        return { data: [] };
      }),
    });
    return { asked, connect };
  }

  it('reads the secret once more on a 401 and goes on with the replaced token', async () => {
    const { secrets, cache } = world();
    const { asked, connect } = consoleThatKnows('new');
    await secrets.put(edr, JSON.stringify(credentials('old')));
    const session = await openConsole(edr, { credentials: cache, connect });
    await secrets.put(edr, JSON.stringify(credentials('new')));
    await session.api.list('/threats', {});
    await session.api.list('/threats', {});
    expect(asked).toStrictEqual(['old', 'new', 'new']);
    expect(secrets.reads).toBe(2);
  });

  it('lets the 401 stand when the token is the same, and does not ask the console again', async () => {
    const { secrets, cache } = world();
    const { asked, connect } = consoleThatKnows('new');
    await secrets.put(edr, JSON.stringify(credentials('old')));
    const session = await openConsole(edr, { credentials: cache, connect });
    await expect(session.api.list('/threats', {})).rejects.toBe(refused);
    expect(asked).toStrictEqual(['old']);
    expect(secrets.reads).toBe(2);
  });
});
