import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKey } from '../../shared/access/create-key.ts';
import { rights } from '../../shared/access/rights.ts';
import { createDynamoKeyStore } from '../../shared/aws/dynamo-key-store.ts';
import { parseDuration } from '../../shared/connectors/duration.ts';
import { readOutputs, readStage } from './deployed-stack.ts';
import { createKeyByApi } from './key-by-api.ts';
import type { KeyRequest } from './key-request.ts';
import { UsageError, wrongArguments } from './usage-error.ts';

export const keysHelp = `Usage: npm run keys -- create --name TEXT [options]

Creates an API key of the control API and prints it once. With --url it asks a running API, with a key that has the right
admin; without, it writes into the table of the deployed stack, with the AWS credentials and region of the environment: so
the first key comes into being.

  --name TEXT            what the key is for
  --rights LIST          comma-separated: ${rights.join(', ')} (default admin)
  --tenants LIST         comma-separated ids, or all (default all)
  --expires-in TIME      how long it works, e.g. 90d (default: until it is revoked)
  --url URL              of the API: the output ApiUrl of the stack, or http://127.0.0.1:8787
  --key-env NAME         with --url: the environment variable that holds an admin key (never the key itself)
  --stage NAME           the stage that was deployed (default prod)
  --outputs FILE         what npm run deploy wrote about the stack (default cdk-outputs.json)
  --help                 this text
`;

/**
 * Creates a key. Throws `UsageError`.
 * @returns what to tell the user
 */
export async function keys(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  now: number,
): Promise<string> {
  const { values, positionals } = readArguments(argv);
  if (values.help) return keysHelp;
  if (positionals.length !== 1 || positionals[0] !== 'create')
    throw new UsageError('say what to do: npm run keys -- create --name TEXT. See --help.');
  if (values.name === undefined) throw new UsageError('--name: say what the key is for.');
  refuseMixture(values);
  const request: KeyRequest = {
    name: values.name,
    rights: listOf(values.rights ?? 'admin'),
    tenants: values.tenants === undefined || values.tenants === 'all' ? 'all' : listOf(values.tenants),
    ...expiry(values['expires-in'], now),
  };
  const key =
    values.url === undefined
      ? await createInTable(request, operatorOf(environment), values, now)
      : await createKeyByApi(request, values.url, adminKey(values['key-env'], environment));
  return `${key}\nThis is the only time that it is shown. Send it as the header x-api-key.\n`;
}

/** Whoever runs the command, by the name that their shell has for them. */
function operatorOf(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['USER'] ?? environment['USERNAME'] ?? 'unknown';
}

async function createInTable(
  request: KeyRequest,
  operator: string,
  values: { readonly stage?: string | undefined; readonly outputs?: string | undefined },
  now: number,
): Promise<string> {
  const stack = await readOutputs(values.outputs ?? 'cdk-outputs.json', readStage(values.stage).stage);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const outcome = await createKey(
    {
      keys: createDynamoKeyStore({ client, table: stack.table }),
      clock: { now: () => now },
      randomBytes,
    },
    { ...request, createdBy: { kind: 'operator', id: operator } },
  );
  if (outcome.kind === 'created') return outcome.key;
  throw new UsageError(
    outcome.problems
      .map(({ field, message, recommendation }) => `--${optionOf(field)}: ${message} ${recommendation}`)
      .join(' '),
  );
}

/** The table is asked or the API, and each has options of its own. */
function refuseMixture(values: {
  readonly url?: string | undefined;
  readonly 'key-env'?: string | undefined;
  readonly stage?: string | undefined;
  readonly outputs?: string | undefined;
}): void {
  if (values.url === undefined) {
    if (values['key-env'] !== undefined)
      throw new UsageError('--key-env: only goes with --url; add it, or leave both out.');
    return;
  }
  for (const option of ['stage', 'outputs'] as const) {
    if (values[option] !== undefined)
      throw new UsageError(
        `--${option}: does not go with --url, which says where the API is; leave one out.`,
      );
  }
}

function adminKey(
  variable: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (variable === undefined)
    throw new UsageError('--url: also say with --key-env which environment variable holds an admin key.');
  const key = environment[variable]?.trim();
  if (key === undefined || key === '')
    throw new UsageError(`--key-env: the environment variable ${variable} is not set.`);
  return key;
}

function expiry(text: string | undefined, now: number): Pick<KeyRequest, 'expiresAt'> {
  if (text === undefined) return {};
  const duration = parseDuration(text);
  if (duration === undefined) throw new UsageError(`--expires-in: "${text}" is no duration; write 90d.`);
  return { expiresAt: now + duration };
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((item) => item.trim());
}

function optionOf(field: string): string {
  return field.startsWith('expiresAt') ? 'expires-in' : (field.split('[')[0] ?? field);
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        rights: { type: 'string' },
        tenants: { type: 'string' },
        'expires-in': { type: 'string' },
        url: { type: 'string' },
        'key-env': { type: 'string' },
        stage: { type: 'string' },
        outputs: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw wrongArguments(error, 'npm run keys -- --help');
  }
}
