import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createSaveDependencies } from '../../shared/aws/save-dependencies.ts';
import { saveConnector } from '../../shared/connectors/save-connector.ts';
import { contentTypeIds } from '../../shared/content-types/registry.ts';
import { connectorFor } from './connector-for.ts';
import { readOutputs, readStage } from './deployed-stack.ts';
import {
  readConsole,
  readContentTypes,
  readScope,
  readSince,
  readTenant,
  scopeHelp,
  scopeOptions,
} from './option-readers.ts';
import { refuseDeleted } from './refuse-deleted.ts';
import { UsageError, wrongArguments } from './usage-error.ts';

export const connectHelp = `Usage: npm run connect -- --tenant ID --console URL --token-env NAME [options]

Saves a connector in the deployed stack: host and token in Secrets Manager, settings in the state table. It is collected
from the next minute on. The same command again replaces the token and keeps the progress.
Uses the AWS credentials and region of the environment, as the deployment did.

  --tenant ID            the tenant that the records are stored under
  --console URL          the console to collect from
  --token-env NAME       the environment variable that holds the console's API token (never the token itself)
  --content-types LIST   comma-separated, or all (default all): ${contentTypeIds.join(', ')}
  --since TIME           where a new connector begins: 6h, 30d, or a time like 2026-11-24T00:00:00Z (default 24h)
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
  const dependencies = createSaveDependencies({
    documents: DynamoDBDocumentClient.from(new DynamoDBClient()),
    secrets: new SecretsManagerClient(),
    table: stack.table,
    dueShards: config.dueShards,
    secretPrefix: stack.secretPrefix,
  });
  await refuseDeleted(connector, dependencies.registry);
  await saveConnector(connector, console, dependencies);
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
