import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RestoreSecretCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../../local/emulators/aws-json-server.ts';
import { startSecretsManager } from '../../../local/emulators/secrets-manager/start-secrets-manager.ts';
import { accountId, region, removeDirectory, temporaryDirectory } from './emulators-setup.ts';
import { type Clients, clientsFor, refusalOf } from './running-emulators.ts';

const noonMs = Date.parse('2026-11-24T12:00:00Z');
const dayMs = 86_400_000;

let nowMs = noonMs;
let directory: string;
let file: string;
let server: RunningServer;
let clients: Clients;

async function start(): Promise<void> {
  server = await startSecretsManager({ file, region, accountId, now: () => nowMs });
  clients = clientsFor({
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
  });
}

async function pause(): Promise<void> {
  clients.destroy();
  await server.close();
}

beforeAll(async () => {
  directory = temporaryDirectory();
  file = path.join(directory, 'secrets.json');
  await start();
});
afterAll(async () => {
  await pause();
  removeDirectory(directory);
});

function create(Name: string, SecretString = 'value', more: object = {}) {
  return clients.secrets.send(new CreateSecretCommand({ Name, SecretString, ...more }));
}

function get(SecretId: string, more: object = {}) {
  return clients.secrets.send(new GetSecretValueCommand({ SecretId, ...more }));
}

describe('a secret', () => {
  it('is read by name, by ARN and by ARN without its random end', async () => {
    const { ARN = '', VersionId } = await create('tenant/one', 'token');
    expect(ARN).toMatch(
      new RegExp(`^arn:aws:secretsmanager:${region}:${accountId}:secret:tenant/one-[^-]{6}$`),
    );
    for (const id of ['tenant/one', ARN, ARN.slice(0, -7)]) {
      expect(await get(id)).toMatchObject({ ARN, Name: 'tenant/one', VersionId, SecretString: 'token' });
    }
  });

  it('is kept in a file for its owner only, over a restart', async () => {
    await create('kept', 'token 😀', { Description: 'a console' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('token 😀');
    await pause();
    await start();
    expect((await get('kept')).SecretString).toBe('token 😀');
  });

  it('may be bytes', async () => {
    const SecretBinary = new Uint8Array([0, 255]);
    await clients.secrets.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary }));
    expect((await get('bytes')).SecretBinary).toEqual(SecretBinary);
  });

  it('exists once', async () => {
    await create('once');
    await expect(create('once', 'other')).rejects.toBeInstanceOf(ResourceExistsException);
    expect((await get('once')).SecretString).toBe('value');
  });

  it('takes a create that is sent again with its token', async () => {
    const ClientRequestToken = 'a'.repeat(32);
    const first = await create('again', 'value', { ClientRequestToken });
    expect(await create('again', 'value', { ClientRequestToken })).toMatchObject({ ARN: first.ARN });
    await expect(create('again', 'other', { ClientRequestToken })).rejects.toBeInstanceOf(
      ResourceExistsException,
    );
  });

  it.each([
    ['GetSecretValue', () => get('missing')],
    [
      'PutSecretValue',
      () => clients.secrets.send(new PutSecretValueCommand({ SecretId: 'missing', SecretString: 'x' })),
    ],
    ['UpdateSecret', () => clients.secrets.send(new UpdateSecretCommand({ SecretId: 'missing' }))],
    ['DescribeSecret', () => clients.secrets.send(new DescribeSecretCommand({ SecretId: 'missing' }))],
    ['DeleteSecret', () => clients.secrets.send(new DeleteSecretCommand({ SecretId: 'missing' }))],
  ])('that is missing is refused by %s', async (_operation, call) => {
    const failure = call().catch((error: unknown) => error);
    expect(await failure).toBeInstanceOf(ResourceNotFoundException);
    expect(await failure).toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });

  it.each(['', 'with space'])('cannot have the name %j', async (name) => {
    expect(await refusalOf(create(name))).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  });
});

describe('versions', () => {
  it('move from current to previous to nothing', async () => {
    const { VersionId: first } = await create('rotated', '1');
    const put = (SecretString: string) =>
      clients.secrets.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString }));
    const { VersionId: second = '', VersionStages } = await put('2');
    expect(VersionStages).toEqual(['AWSCURRENT']);
    expect(await get('rotated')).toMatchObject({ SecretString: '2', VersionId: second });
    expect(await get('rotated', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: '1',
      VersionId: first,
    });
    expect(await get('rotated', { VersionId: first })).toMatchObject({ VersionStages: ['AWSPREVIOUS'] });
    const { VersionId: third = '' } = await put('3');
    const described = await clients.secrets.send(new DescribeSecretCommand({ SecretId: 'rotated' }));
    expect(described.VersionIdsToStages).toEqual({ [second]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] });
    await expect(get('rotated', { VersionId: first })).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it('are made once per token', async () => {
    await create('tokened', '1');
    const ClientRequestToken = 'b'.repeat(32);
    const put = (SecretString: string) =>
      clients.secrets.send(
        new PutSecretValueCommand({ SecretId: 'tokened', SecretString, ClientRequestToken }),
      );
    await put('2');
    await put('2');
    expect((await get('tokened', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('1');
    await expect(put('3')).rejects.toBeInstanceOf(ResourceExistsException);
  });

  it('come from UpdateSecret too, and only when it brings a value', async () => {
    const { VersionId } = await create('updated', '1');
    await clients.secrets.send(new UpdateSecretCommand({ SecretId: 'updated', Description: 'new' }));
    expect((await get('updated')).VersionId).toBe(VersionId);
    await clients.secrets.send(new UpdateSecretCommand({ SecretId: 'updated', SecretString: '2' }));
    expect((await get('updated')).SecretString).toBe('2');
    const described = await clients.secrets.send(new DescribeSecretCommand({ SecretId: 'updated' }));
    expect(described).toMatchObject({ Name: 'updated', Description: 'new', CreatedDate: new Date(noonMs) });
  });
});

describe('listing', () => {
  it('goes through all secrets in pages and filters by the start of the name', async () => {
    for (const name of ['list/c', 'list/a', 'list/b']) await create(name);
    const Filters = [{ Key: 'name' as const, Values: ['list/'] }];
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await clients.secrets.send(new ListSecretsCommand({ Filters, MaxResults: 2, NextToken }));
      names.push(...(page.SecretList ?? []).map((secret) => secret.Name));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(names).toEqual(['list/a', 'list/b', 'list/c']);
  });
});

describe('deletion', () => {
  it('at once frees the name', async () => {
    await create('forced');
    await clients.secrets.send(
      new DeleteSecretCommand({ SecretId: 'forced', ForceDeleteWithoutRecovery: true }),
    );
    await expect(get('forced')).rejects.toBeInstanceOf(ResourceNotFoundException);
    await create('forced', 'new');
  });

  it('with a window can be taken back, and ends with the window', async () => {
    await create('scheduled');
    const remove = () =>
      clients.secrets.send(new DeleteSecretCommand({ SecretId: 'scheduled', RecoveryWindowInDays: 7 }));
    expect((await remove()).DeletionDate).toEqual(new Date(noonMs + 7 * dayMs));
    expect(await refusalOf(get('scheduled'))).toMatchObject({ name: 'InvalidRequestException' });
    expect(await refusalOf(create('scheduled'))).toMatchObject({ name: 'InvalidRequestException' });
    await clients.secrets.send(new RestoreSecretCommand({ SecretId: 'scheduled' }));
    expect((await get('scheduled')).SecretString).toBe('value');
    await remove();
    nowMs = noonMs + 7 * dayMs;
    await expect(get('scheduled')).rejects.toBeInstanceOf(ResourceNotFoundException);
    await create('scheduled', 'new');
  });
});

describe('the server', () => {
  it('refuses an operation that it does not know', async () => {
    const call = clients.secrets.send(new GetRandomPasswordCommand({}));
    expect(await refusalOf(call)).toMatchObject({ name: 'UnknownOperationException', status: 400 });
  });

  it('does not start over a file that is not its own', async () => {
    const broken = path.join(directory, 'broken.json');
    writeFileSync(broken, '{"secrets": [');
    const attempt = async () => startSecretsManager({ file: broken, region, accountId });
    await expect(attempt()).rejects.toThrow(/broken\.json is not a secrets file/);
    expect(readFileSync(broken, 'utf8')).toBe('{"secrets": [');
  });
});
