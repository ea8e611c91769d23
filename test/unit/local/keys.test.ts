import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys, keysHelp } from '../../../local/command/keys.ts';
import { UsageError } from '../../../local/command/usage-error.ts';
import { hashSecret, parseKey } from '../../../shared/access/api-key.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const dayMs = 86_400_000;
const documents = mockClient(DynamoDBDocumentClient);
const servers: Server[] = [];
let dir: string;
let outputs: string;

beforeEach(() => {
  documents.reset();
  documents.on(PutCommand).resolves({});
  dir = mkdtempSync(path.join(tmpdir(), 'sentinel-lake-keys-'));
  outputs = path.join(dir, 'outputs.json');
  writeFileSync(
    outputs,
    JSON.stringify({
      'sentinel-lake-prod': { StateTableName: 'the-table', SecretPrefix: 'sentinel-lake/prod' },
    }),
  );
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

const run = (...argv: string[]) => keys(argv, { ADMIN: 'sl_admin', EMPTY: ' ' }, now);
const inTable = (...argv: string[]) => run('create', '--name', 'soar', ...argv, '--outputs', outputs);
const byApi = (url: string, ...argv: string[]) =>
  run('create', '--name', 'soar', ...argv, '--url', url, '--key-env', 'ADMIN');

interface Received {
  readonly path: string | undefined;
  readonly key: string | string[] | undefined;
  readonly body: unknown;
}

/** An API that gives every call this answer. */
async function apiThat(status: number, body: unknown, headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    received.push({
      path: request.url,
      key: request.headers['x-api-key'],
      body: text === '' ? undefined : JSON.parse(text),
    });
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

describe('npm run keys -- create in a deployed stack', () => {
  it('shows the key once and stores its hash', async () => {
    const said = await inTable();

    const [key = '', note] = said.split('\n');
    expect(note).toBe('This is the only time that it is shown. Send it as the header x-api-key.');
    const { id, secret } = parseKey(key) ?? { id: '', secret: '' };
    const items = documents.commandCalls(PutCommand).map((call) => call.args[0].input);
    expect(items).toMatchObject([
      {
        TableName: 'the-table',
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: {
          sk: id,
          apiKey: { name: 'soar', tenants: 'all', rights: ['admin'], secretHash: hashSecret(secret) },
        },
      },
    ]);
    expect(items[0]?.Item?.['apiKey']).not.toHaveProperty('expiresAt');
    expect(JSON.stringify(items)).not.toContain(secret);
  });

  it.each([
    [{ USER: 'anna' }, 'operator:anna'],
    [{ USERNAME: 'anna' }, 'operator:anna'],
    // A container need not know its user.
    [{}, 'operator:unknown'],
  ])('notes who has made it: %j', async (environment, createdBy) => {
    await keys(['create', '--name', 'soar', '--outputs', outputs], environment, now);
    expect(documents.commandCalls(PutCommand)[0]?.args[0].input.Item?.['apiKey']).toMatchObject({
      createdBy,
    });
  });

  it('takes rights, tenants and an expiry', async () => {
    await inTable('--rights', 'read, test', '--tenants', 'acme,northwind', '--expires-in', '90d');

    expect(documents.commandCalls(PutCommand)[0]?.args[0].input.Item?.['apiKey']).toMatchObject({
      rights: ['read', 'test'],
      tenants: ['acme', 'northwind'],
      expiresAt: now + 90 * dayMs,
    });
  });

  it.each([
    [['--rights', 'write'], '--rights: is not a right. Give a list of read, test, respond, admin'],
    [['--tenants', 'Acme Inc.'], '--tenants: is not the id of a tenant. Give a list'],
    [['--expires-in', '900d'], '--expires-in: must not be more than two years ahead. Give a time'],
    [['--expires-in', 'soon'], '--expires-in: "soon" is no duration; write 90d.'],
    [['--stage', 'nowhere'], '--stage: Unknown stage "nowhere"'],
    [['--stage', 'dev'], '--outputs: '],
    [['--key-env', 'ADMIN'], '--key-env: only goes with --url; add it, or leave both out.'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('refuses %j and writes nothing', async (argv, words) => {
    const refusal = await inTable(...argv).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(String(refusal)).toContain(words);
    expect(documents.calls()).toHaveLength(0);
  });

  it.each([
    [[], 'say what to do: npm run keys -- create --name TEXT'],
    [['delete'], 'say what to do'],
    [['create', 'twice'], 'say what to do'],
    [['create'], '--name: say what the key is for.'],
  ])('asks for what is missing in %j', async (argv, words) => {
    await expect(run(...argv)).rejects.toThrow(words);
  });

  it('helps', async () => {
    expect(await run('--help')).toBe(keysHelp);
  });
});

describe('npm run keys -- create --url', () => {
  it.each([
    ['', '/v1/keys'],
    ['/', '/v1/keys'],
    ['/prod', '/prod/v1/keys'],
    ['/prod/', '/prod/v1/keys'],
  ])('asks the API below the path "%s" of its URL', async (below, asked) => {
    const { url, received } = await apiThat(201, { key: 'sl_new', apiKey: {} });

    const said = await byApi(`${url}${below}`, '--rights', 'read', '--expires-in', '1d');

    expect(said.split('\n')[0]).toBe('sl_new');
    expect(received).toStrictEqual([
      {
        path: asked,
        key: 'sl_admin',
        body: { name: 'soar', rights: ['read'], tenants: 'all', expiresAt: '2026-11-25T12:00:00.000Z' },
      },
    ]);
    expect(documents.calls()).toHaveLength(0);
  });

  it('says what the API says where it refuses', async () => {
    const { url } = await apiThat(403, {
      detail: 'The caller does not have the right admin.',
      recommendation: 'Use a key with the right admin.',
    });
    await expect(byApi(url)).rejects.toThrow(
      new UsageError(
        '--url: the API answered 403: The caller does not have the right admin. Use a key with the right admin.',
      ),
    );
  });

  it.each<[string, number, unknown]>([
    ['a page', 200, '<html>Welcome</html>'],
    ['nothing', 404, ''],
    ['another object', 201, { hello: 'world' }],
    ['no object', 200, 'null'],
  ])('says that it is no such API where it answers %s', async (_, status, body) => {
    const { url } = await apiThat(status, body);
    await expect(byApi(url)).rejects.toThrow(
      new UsageError(`--url: what answers there (${status}) is not the control API; check the URL.`),
    );
  });

  it('sends the admin key to nobody whom the API points at', async () => {
    const other = await apiThat(201, { key: 'sl_stolen' });
    const { url } = await apiThat(307, '', { location: `${other.url}/v1/keys` });

    await expect(byApi(url)).rejects.toThrow(UsageError);

    expect(other.received).toStrictEqual([]);
  });

  it('says that nobody answers', async () => {
    const { url } = await apiThat(201, {});
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));

    await expect(byApi(url)).rejects.toThrow(
      new UsageError(`--url: ${url} does not answer (ECONNREFUSED); check the URL, and that the API runs.`),
    );
  });

  it.each([
    ['nonsense', '--url: "nonsense" is no URL'],
    ['ftp://example.com', '--url: "ftp://example.com" is no URL'],
    ['http://api.example.com', '--url: the key would cross the network unencrypted; write https://'],
  ])('sends nothing to %s', async (url, words) => {
    await expect(byApi(url)).rejects.toThrow(words);
  });

  it.each([
    [['--url', 'https://api.example.com'], '--url: also say with --key-env'],
    [
      ['--url', 'https://api.example.com', '--key-env', 'MISSING'],
      '--key-env: the environment variable MISSING',
    ],
    [['--url', 'https://api.example.com', '--key-env', 'EMPTY'], '--key-env: the environment variable EMPTY'],
    [
      ['--url', 'https://api.example.com', '--key-env', 'ADMIN', '--stage', 'dev'],
      '--stage: does not go with --url',
    ],
    [
      ['--url', 'https://api.example.com', '--key-env', 'ADMIN', '--outputs', 'x'],
      '--outputs: does not go with --url',
    ],
  ])('refuses %j', async (argv, words) => {
    const refusal = await run('create', '--name', 'soar', ...argv).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(String(refusal)).toContain(words);
  });
});
