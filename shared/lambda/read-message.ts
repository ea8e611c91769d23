import * as z from 'zod/mini';

/** An id: of a tenant, a connector, an action. They stand in keys, so nothing else may be in them. */
export const messageName = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]*$/));

/**
 * A message of one of our queues, e.g. of `kind` "work".
 * @throws Error for a body that is not ours: the queue keeps it, and in the end the dead-letter queue shows it
 */
export function readMessage<S extends z.ZodMiniType>(kind: string, schema: S, body: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Error(`The message on the ${kind} queue is not JSON.`);
  }
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => issue.path.join('.') || 'body');
  throw new Error(`The message on the ${kind} queue is no ${kind} message: check ${names.join(', ')}.`);
}
