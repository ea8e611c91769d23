/**
 * The inside of a function's process: loads the real bundle and answers one invocation after the other, as a Lambda
 * execution environment does. Started by `function-environment.ts`, never by hand.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionMessage, InvokeMessage } from './protocol.ts';

type Handler = (event: unknown, context: object) => Promise<unknown>;

const [codeDir, handlerName] = process.argv.slice(2);
const send = (message: FunctionMessage) => process.send?.(message);

// The host may be killed without a chance to stop us; a process without its host must not go on working.
process.on('disconnect', () => process.exit(1));

const handler = await loadHandler(codeDir ?? '', handlerName ?? '');

process.on('message', (message: InvokeMessage) => {
  const { requestId, event, deadline } = message;
  handler(event, contextOf(requestId, deadline)).then(
    (result) => send({ type: 'result', requestId, result }),
    (error: unknown) => {
      console.error(error);
      send({ type: 'error', requestId, message: error instanceof Error ? error.message : String(error) });
    },
  );
});
send({ type: 'ready' });

async function loadHandler(directory: string, name: string): Promise<Handler> {
  const [file, exportName] = name.split('.');
  const bundle: Record<string, unknown> = await import(
    pathToFileURL(path.join(directory, `${file}.mjs`)).href
  );
  const loaded = bundle[exportName ?? ''];
  if (typeof loaded !== 'function') throw new Error(`${directory}/${file}.mjs exports no ${exportName}.`);
  return loaded as Handler;
}

function contextOf(requestId: string, deadline: number): object {
  return {
    awsRequestId: requestId,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    invokedFunctionArn: process.env['SENTINEL_LAKE_FUNCTION_ARN'],
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
