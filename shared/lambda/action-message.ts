import * as z from 'zod/mini';
import type { ActionMessage } from '../actions/run/action-message.ts';
import { messageName, readMessage } from './read-message.ts';

const actionMessage = z.object({
  version: z.literal(1),
  action: z.object({
    tenant: messageName,
    connector: messageName,
    id: messageName,
  }),
});

/** Throws for a body that is not ours, as `readMessage` does. */
export function parseActionMessage(body: string): ActionMessage {
  return readMessage('action', actionMessage, body);
}
