import { AwsError } from '../aws-error.ts';
import { type RunningServer, startAwsJsonServer } from '../aws-json-server.ts';
import { operations } from './operations.ts';
import { SecretFile } from './secret-file.ts';

/**
 * Starts a Secrets Manager that keeps its secrets in one JSON file with mode 0600.
 * @throws Error when the file exists and is not a secrets file.
 */
export function startSecretsManager(options: {
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
}): Promise<RunningServer> {
  const context = {
    file: new SecretFile(options.file),
    region: options.region,
    accountId: options.accountId,
    now: options.now ?? Date.now,
  };
  return startAwsJsonServer({
    contentType: 'application/x-amz-json-1.1',
    errorNamespace: '',
    async call(name, input) {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined) {
        throw new AwsError('UnknownOperationException', `The local Secrets Manager does not know ${name}.`);
      }
      return operation(context, input);
    },
  });
}
