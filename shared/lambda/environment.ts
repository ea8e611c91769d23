import * as z from 'zod/mini';
import type { IamGrant } from '../access/iam.ts';
import type { JwtSettings } from '../access/jwt.ts';

const text = z.string().check(z.minLength(1));
const seconds = z.coerce.number().check(z.int(), z.positive());
const count = z.coerce.number().check(z.int(), z.positive());
const split = z.transform((value: string) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const list = z.pipe(text, split);
const possiblyEmptyList = z.pipe(z._default(z.string(), ''), split);
/** Set by the embedded mode only: consoles and webhooks on this machine, over http. */
const loopback = z.optional(z.literal('allowed'));

/** What the stack tells every function that goes on with response actions. */
const actionVariables = {
  ACTION_QUEUE_URL: text,
  ACTION_LEASE_SECONDS: seconds,
  ACTION_DAYS: count,
  /** Empty: webhooks are off. */
  CALLBACK_HOST_SUFFIXES: possiblyEmptyList,
};

/** What the stack tells the fan-out function. */
export const fanOutEnvironment = z.object({
  STATE_TABLE: text,
  DUE_INDEX: text,
  DUE_SHARDS: count,
  QUEUE_URL: text,
  CLAIM_SECONDS: seconds,
  ACTION_QUEUE_URL: text,
  ACTION_CLAIM_SECONDS: seconds,
});

/** What the stack tells the worker function. */
export const workerEnvironment = z.object({
  STATE_TABLE: text,
  QUEUE_URL: text,
  LAKE_BUCKET: text,
  SECRET_PREFIX: text,
  LEASE_SECONDS: seconds,
  CLAIM_SECONDS: seconds,
  DEADLINE_MARGIN_SECONDS: seconds,
  LEDGER_DAYS: count,
  CONSOLE_HOST_SUFFIXES: list,
  CONSOLE_LOOPBACK: loopback,
});

/** What the stack tells the outcomes function. */
export const outcomesEnvironment = z.object({
  STATE_TABLE: text,
  LAKE_BUCKET: text,
  SECRET_PREFIX: text,
  CONSOLE_HOST_SUFFIXES: list,
  CONSOLE_LOOPBACK: loopback,
  ...actionVariables,
  EVENT_BUS: text,
});

/** Who may call besides API keys; see infra/config.ts. */
export interface Access {
  readonly jwt?: JwtSettings;
  readonly iam: readonly IamGrant[];
}

/** Only its form: infra/validate-config.ts has checked what is in it, and whoever uses it does so again. */
const access = z.pipe(
  text,
  z.transform((value: string, context): Access => {
    const parsed = parseJson(value);
    if (isAccess(parsed)) return parsed;
    context.issues.push({ code: 'custom', input: value, message: 'is no JSON with a list "iam"' });
    return z.NEVER;
  }),
);

function isAccess(value: unknown): value is Access {
  return Array.isArray(Object(value).iam);
}

/** Undefined where it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the stack tells the api function. */
export const apiEnvironment = z.object({
  STATE_TABLE: text,
  QUEUE_URL: text,
  LAKE_BUCKET: text,
  SECRET_PREFIX: text,
  DUE_SHARDS: count,
  CLAIM_SECONDS: seconds,
  CONSOLE_HOST_SUFFIXES: list,
  CONSOLE_LOOPBACK: loopback,
  REQUESTS_PER_MINUTE: count,
  ACCESS: access,
  ...actionVariables,
});

/** Reads the function's environment. Throws one error that names every variable that is missing or no good. */
export function readEnvironment<S extends z.ZodMiniType>(schema: S): z.output<S> {
  const result = z.safeParse(schema, process.env);
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`Missing or malformed environment variables: ${[...new Set(names)].join(', ')}.`);
}
