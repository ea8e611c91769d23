import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, connectHelp } from '../../../local/command/connect.ts';
import { UsageError } from '../../../local/command/usage-error.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const documents = mockClient(DynamoDBDocumentClient);
const secrets = mockClient(SecretsManagerClient);
let dir: string;
let outputs: string;

beforeEach(() => {
  documents.reset();
  secrets.reset();
  dir = mkdtempSync(path.join(tmpdir(), 'sentinel-lake-connect-'));
  outputs = path.join(dir, 'outputs.json');
  writeFileSync(
    outputs,
    JSON.stringify({
      'sentinel-lake-prod': { StateTableName: 'the-table', SecretPrefix: 'sentinel-lake/prod' },
    }),
  );
  process.env['AWS_REGION'] = 'eu-west-1';
  vi.useFakeTimers({ now, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  delete process.env['AWS_REGION'];
  rmSync(dir, { recursive: true });
});

const run = (...argv: string[]) => connect([...argv, '--outputs', outputs], { S1_TOKEN: 'eyJtoken' }, now);
const good = ['--tenant', 'acme', '--console', 'https://acme.sentinelone.net', '--token-env', 'S1_TOKEN'];

describe('npm run connect', () => {
  it('saves the secret, the connector and its streams in the deployed stack', async () => {
    documents.on(GetCommand).resolves({}).on(QueryCommand).resolves({});
    documents.on(TransactWriteCommand).resolves({}).on(PutCommand).resolves({});
    secrets
      .on(GetSecretValueCommand)
      .rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }))
      .on(CreateSecretCommand)
      .resolves({});
    const said = await run(...good, '--content-types', 'activities,threats', '--since', '6h');
    expect(said).toBe(
      'Connector acme/acme collects activities, threats from https://acme.sentinelone.net.\n',
    );
    expect(secrets.commandCalls(CreateSecretCommand)[0]?.args[0].input).toMatchObject({
      Name: 'sentinel-lake/prod/acme/acme',
      SecretString: '{"hostUrl":"https://acme.sentinelone.net","apiToken":"eyJtoken"}',
    });
    const entry = documents
      .commandCalls(TransactWriteCommand)
      .flatMap((call) => call.args[0].input.TransactItems ?? [])
      .flatMap(({ Put }) => Put ?? []);
    const streams = documents.commandCalls(PutCommand).map((call) => call.args[0].input);
    const items = [...entry, ...streams];
    expect(items.map(({ TableName, Item }) => [TableName, Item?.['pk'], Item?.['sk']])).toStrictEqual([
      ['the-table', 'CONNECTORS', 'acme/acme'],
      ['the-table', 'NAMES#acme', 'acme'],
      ['the-table', 'CONNECTOR#acme/acme', 'STREAM#activities'],
      ['the-table', 'CONNECTOR#acme/acme', 'STREAM#threats'],
    ]);
    expect(items[2]?.Item).toMatchObject({
      watermark: now - 6 * 3_600_000,
      nextDueAt: now,
      // One of those that the fan-out of this stage looks into.
      dueShard: expect.stringMatching(/^due#[0-7]$/),
    });
    expect(JSON.stringify(items)).not.toContain('eyJtoken');
  });

  it('does not bring back what the control API has deleted, whose objects would be taken for its own', async () => {
    const connector = { tenant: 'acme', id: 'acme', name: 'acme' };
    const deleted = { connector, functions: ['collect'], state: 'deleted', version: 3, updatedAt: now };
    documents.on(GetCommand).resolves({ Item: deleted });
    await expect(run(...good)).rejects.toThrow(
      new UsageError(
        '--tenant: the connector acme.acme was deleted by the control API, and its id is never used again; name another tenant, or create the connector by POST /v1/connectors.',
      ),
    );
    // It has only looked.
    expect(documents.commandCalls(GetCommand)).toHaveLength(documents.calls().length);
    expect(secrets.calls()).toHaveLength(0);
  });

  it('helps', async () => {
    expect(await run('--help')).toBe(connectHelp);
  });

  it.each([
    [[], '--tenant'],
    [['--tenant', 'acme'], '--console'],
    [['--tenant', 'acme', '--console', 'http://127.0.0.1:9000', '--token-env', 'S1_TOKEN'], '--console'],
    [
      ['--tenant', 'acme', '--console', 'https://acme.sentinelone.net', '--token-env', 'NOT_SET'],
      '--token-env',
    ],
    [[...good, '--content-types', 'files'], '--content-types'],
    [[...good, '--stage', 'dev'], '--outputs'],
    [[...good, '--stage', 'nowhere'], '--stage'],
    [[...good, '--nonsense'], '--nonsense'],
  ])('refuses %j before anything is written', async (argv, named) => {
    const refusal = await run(...argv).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(String(refusal)).toContain(named);
    expect(documents.calls().length + secrets.calls().length).toBe(0);
  });
});
