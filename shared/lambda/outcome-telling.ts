import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { output } from 'zod/mini';
import { createWebhookSender } from '../actions/callbacks/send-webhook.ts';
import { tellOutcomes } from '../actions/callbacks/tell.ts';
import type { AdvanceDependencies } from '../actions/run/advance.ts';
import { createEventBridgeEvents } from '../aws/event-bridge-events.ts';
import type { SecretStore } from '../ports.ts';
import type { AdvanceParts } from './advance-dependencies.ts';
import type { outcomesEnvironment } from './environment.ts';
import { log } from './observability.ts';
import { systemClock } from './system.ts';

/** What telling has in common with what goes on with actions. */
export interface TellingParts extends Pick<AdvanceParts, 'requestHandler'> {
  readonly secrets: SecretStore;
}

/** Wires the ways that outcomes are told to the event bus and to the tenants' webhooks; once per process. */
export function createOutcomeTelling(
  environment: output<typeof outcomesEnvironment>,
  { secrets, requestHandler }: TellingParts,
): NonNullable<AdvanceDependencies['tellOutcomes']> {
  const telling = {
    clock: systemClock,
    random: Math.random,
    log,
    events: createEventBridgeEvents({
      client: new EventBridgeClient({ requestHandler }),
      bus: environment.EVENT_BUS,
    }),
    webhooks: createWebhookSender({
      secrets,
      clock: systemClock,
      policy: {
        suffixes: environment.CALLBACK_HOST_SUFFIXES,
        loopback: environment.CONSOLE_LOOPBACK === 'allowed',
      },
    }),
  };
  return (action, policy, until) => tellOutcomes(action, policy, telling, until);
}
