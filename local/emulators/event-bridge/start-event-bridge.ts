import { AwsError } from '../aws-error.ts';
import { type RunningServer, startAwsJsonServer } from '../aws-json-server.ts';
import { EventFile } from './event-file.ts';
import { putEvents } from './put-events.ts';

/** Starts an EventBridge that keeps what is put on its buses in one file, to be read with `readEvents`. */
export function startEventBridge(options: {
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
}): Promise<RunningServer> {
  const context = {
    file: new EventFile(options.file),
    region: options.region,
    accountId: options.accountId,
    now: options.now ?? Date.now,
  };
  return startAwsJsonServer({
    contentType: 'application/x-amz-json-1.1',
    errorNamespace: '',
    async call(name, input) {
      if (name === 'PutEvents') return putEvents(context, input);
      throw new AwsError('UnknownOperationException', `The local EventBridge does not know ${name}.`);
    },
  });
}
