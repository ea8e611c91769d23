import type { StageConfig } from '../config.ts';
import type { ActionQueue } from './action-queue.ts';
import type { ConnectorFunction } from './connector-function.ts';

/**
 * Lets a function go on with response actions: the API does so right after an action was asked for, `outcomes` from then on. Both
 * need the same lease and the same queue. The state table, secrets and the lake each of them binds by itself.
 */
export function bindResponseActions(
  target: ConnectorFunction,
  { config, actions }: { readonly config: StageConfig; readonly actions: ActionQueue },
): void {
  target
    .addEnvironment({
      ACTION_LEASE_SECONDS: String(config.outcomes.leaseSeconds),
      ACTION_DAYS: String(config.actionDays),
      CALLBACK_HOST_SUFFIXES: config.callbackHostSuffixes.join(','),
    })
    .bind({
      environment: { ACTION_QUEUE_URL: actions.queue.queueUrl },
      actions: ['sqs:SendMessage'],
      resourceArn: actions.queue.queueArn,
    });
}
