import * as z from 'zod/mini';
import { rights } from '../../access/rights.ts';
import { time } from './time.ts';

const tenants = z.union([
  z.literal('all'),
  z.array(z.string().check(z.maxLength(63))).check(z.maxLength(500)),
]);

/** `POST /v1/keys`; the finer rules are in shared/access/create-key.ts. */
export const newKey = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  tenants,
  rights: z.array(z.enum(rights)).check(z.minLength(1), z.maxLength(rights.length)),
  expiresAt: z.optional(time),
});

/** A key as it is told: never its secret. */
export const keyView = z.strictObject({
  id: z.string(),
  name: z.string(),
  tenants: z.union([z.literal('all'), z.array(z.string())]),
  rights: z.array(z.enum(rights)),
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.optional(z.string()),
  revokedAt: z.optional(z.string()),
  lastUsedAt: z.optional(z.string()),
});

/** The answer to a creation, and the only one that holds the key itself. */
export const createdKey = z.strictObject({ key: z.string(), apiKey: keyView });

export const keyList = z.strictObject({ keys: z.array(keyView), nextCursor: z.optional(z.string()) });

export const keyListQuery = z.strictObject({
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100.'))),
  cursor: z.optional(z.string().check(z.maxLength(500))),
});
