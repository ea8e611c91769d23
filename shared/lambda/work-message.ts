import * as z from 'zod/mini';
import type { WorkMessage } from '../ports.ts';
import { messageName, readMessage } from './read-message.ts';

const workMessage = z.object({
  version: z.literal(1),
  stream: z.object({
    tenant: messageName,
    connector: messageName,
    contentType: messageName,
    part: z.exactOptional(messageName),
  }),
});

/** Throws for a body that is not ours, as `readMessage` does. */
export function parseWorkMessage(body: string): WorkMessage {
  return readMessage('work', workMessage, body);
}
