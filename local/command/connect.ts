import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type StageConfig, stageConfig } from '../../infra/config.ts';
import { createDynamoConnectorStore } from '../../shared/aws/dynamo-connector-store.ts';
import { createSecretsManagerStore } from '../../shared/aws/secrets-manager-store.ts';
import { saveConnector } from '../../shared/connectors/save-connector.ts';
import { contentType, contentTypeIds } from '../../shared/content-types/registry.ts';
import { connectorFor } from './connector-for.ts';
import {
  readConsole,
  readContentTypes,
  readScope,
  readSince,
  readTenant,
  scopeHelp,
  scopeOptions,
} from './option-readers.ts';
import { UsageError, wrongArguments } from './usage-error.ts';

export const connectHelp = `Usage: npm run connect -- --tenant ID --console URL --token-env NAME [options]

Saves a connector in the deployed stack: host and token in Secrets Manager, settings in the state table. It is collected
from the next minute on. The same command again replaces the token and keeps the progress.
Uses the AWS credentials and region of the environment, as the deployment did.

  --tenant ID            the tenant that the records are stored under
  --console URL          the console to collect from
  --token-env NAME       the environment variable that holds the console's API token (never the token itself)
  --content-types LIST   comma-separated, or all (default all): ${contentTypeIds.join(', ')}
  --since TIME           where new streams begin: 6h, 30d, or a time like 2026-11-24T00:00:00Z (default 24h)
${scopeHelp}
  --stage NAME           the stage that was deployed (default prod)
  --outputs FILE         what npm run deploy wrote about the stack (default cdk-outputs.json)
  --help                 this text
`;

/**
 * Saves a connector in a deployed stack. Throws `UsageError`.
 * @returns what to tell the user
 */
export async function connect(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  now: number,
): Promise<string> {
  const values = readArguments(argv);
  if (values.help) return connectHelp;
  if (values.tenant === undefined) throw new UsageError('--tenant: say which tenant the records belong to.');
  const config = readStage(values.stage);
  const hostPolicy = { suffixes: config.consoleHostSuffixes, loopback: false };
  const console = readConsole(values.console, values['token-env'], environment, hostPolicy);
  if (console === undefined) throw new UsageError('--console: say which console to collect from.');
  const choice = {
    tenant: readTenant(values.tenant),
    hostUrl: console.hostUrl,
    contentTypes: readContentTypes(values['content-types'] ?? 'all'),
    since: readSince(values.since ?? '24h', now),
    scope: readScope(values),
  };
  const stack = await readOutputs(values.outputs ?? 'cdk-outputs.json', config.stage);
  const connector = connectorFor(choice, undefined, now);
  await saveConnector(connector, console, {
    clock: { now: () => now },
    connectors: createDynamoConnectorStore({
      client: DynamoDBDocumentClient.from(new DynamoDBClient()),
      table: stack.table,
      dueShards: config.dueShards,
    }),
    secrets: createSecretsManagerStore({ client: new SecretsManagerClient(), prefix: stack.secretPrefix }),
    findContentType: contentType,
  });
  return `Connector ${connector.tenant}/${connector.id} collects ${choice.contentTypes.join(', ')} from ${console.hostUrl}.\n`;
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        tenant: { type: 'string' },
        console: { type: 'string' },
        'token-env': { type: 'string' },
        ...scopeOptions,
        'content-types': { type: 'string' },
        since: { type: 'string' },
        stage: { type: 'string' },
        outputs: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw wrongArguments(error, 'npm run connect -- --help');
  }
}

function readStage(name: string | undefined): StageConfig {
  try {
    return stageConfig(name);
  } catch (error) {
    throw new UsageError(`--stage: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `cdk deploy --outputs-file`: outputs by stack name. */
async function readOutputs(file: string, stage: string): Promise<{ table: string; secretPrefix: string }> {
  let outputs: Record<string, Record<string, string> | undefined>;
  try {
    outputs = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new UsageError(
      `--outputs: ${file} cannot be read; run npm run deploy first, or name the file that it wrote.`,
    );
  }
  const stack = outputs[`sentinel-lake-${stage}`];
  const table = stack?.['StateTableName'];
  const secretPrefix = stack?.['SecretPrefix'];
  if (table === undefined || secretPrefix === undefined) {
    throw new UsageError(
      `--outputs: ${file} says nothing about the stack of stage ${stage}; deploy it, or name its --stage.`,
    );
  }
  return { table, secretPrefix };
}
