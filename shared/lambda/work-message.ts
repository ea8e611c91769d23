import * as z from 'zod/mini';
import type { WorkMessage } from '../ports.ts';

const name = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]*$/));
const workMessage = z.object({
  version: z.literal(1),
  stream: z.object({ tenant: name, connector: name, contentType: name, part: z.exactOptional(name) }),
});

/** Throws for a body that is not ours: the queue keeps it, and in the end the dead-letter queue shows it. */
export function parseWorkMessage(body: string): WorkMessage {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Error('The message on the work queue is not JSON.');
  }
  const result = z.safeParse(workMessage, value);
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => issue.path.join('.') || 'body');
  throw new Error(`The message on the work queue is not a work message: check ${names.join(', ')}.`);
}
