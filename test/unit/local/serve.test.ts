import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { serveApi, servedText } from '../../../local/command/serve.ts';
import { UsageError } from '../../../local/command/usage-error.ts';
import { parseKey } from '../../../shared/access/api-key.ts';

const mocked = mockClient(DynamoDBDocumentClient);
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));

beforeEach(() => {
  mocked.reset();
  mocked.on(PutCommand).resolves({});
});

function stackThat(serve: (port: number) => Promise<string>) {
  return { clients: { documents }, table: 'the-table', serve };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`listen ${code}: 127.0.0.1:8787`), { code });
}

describe('the served API', () => {
  it('has an admin key of all tenants for a month, of which only the hash is stored', async () => {
    const before = Date.now();
    const { url, key } = await serveApi(
      stackThat(async (port) => `http://127.0.0.1:${port}`),
      8787,
    );

    expect(url).toBe('http://127.0.0.1:8787');
    const { id, secret } = parseKey(key) ?? { id: '', secret: 'nothing' };
    const [put] = mocked.commandCalls(PutCommand);
    expect(put?.args[0].input.TableName).toBe('the-table');
    const stored = put?.args[0].input.Item?.['apiKey'];
    expect(stored).toMatchObject({ name: 'npm start', tenants: 'all', rights: ['admin'] });
    expect(stored.expiresAt - before).toBeGreaterThanOrEqual(30 * 86_400_000);
    expect(JSON.stringify(put?.args[0].input)).toContain(id);
    expect(JSON.stringify(put?.args[0].input)).not.toContain(secret);
  });

  it.each(['EADDRINUSE', 'EACCES'])(
    'says which option to change where the port cannot be had (%s)',
    async (code) => {
      const refused = serveApi(
        stackThat(() => Promise.reject(systemError(code))),
        8787,
      );

      await expect(refused).rejects.toThrow(
        new UsageError('--port: 8787 cannot be had on this machine; name another, or 0 for any free one.'),
      );
      // And no key is left behind for an API that never was.
      expect(mocked.commandCalls(PutCommand)).toHaveLength(0);
    },
  );

  it('does not take other failures for a wrong port', async () => {
    const broken = new Error('The template has no function for the control API.');
    await expect(
      serveApi(
        stackThat(() => Promise.reject(broken)),
        8787,
      ),
    ).rejects.toBe(broken);
  });

  it('is told with calls that can be pasted', () => {
    expect(servedText({ url: 'http://127.0.0.1:8787', key: 'sl_x' })).toContain(
      "curl -H 'x-api-key: sl_x' http://127.0.0.1:8787/v1/whoami",
    );
  });
});
