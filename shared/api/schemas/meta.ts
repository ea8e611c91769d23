import * as z from 'zod/mini';
import { rights } from '../../access/rights.ts';

export const health = z.strictObject({ status: z.literal('ok') });

export const whoami = z.strictObject({
  kind: z.enum(['key', 'jwt', 'iam']),
  id: z.string(),
  name: z.string(),
  rights: z.array(z.enum(rights)),
  tenants: z.union([z.literal('all'), z.array(z.string())]),
});

export const contentTypes = z.strictObject({
  contentTypes: z.array(
    z.strictObject({
      id: z.string(),
      label: z.string(),
      msgClass: z.string(),
      index: z.string(),
      permission: z.string(),
      defaultIntervalMinutes: z.number(),
      lateBecause: z.string(),
      costs: z.string(),
      options: z.array(
        z.strictObject({
          name: z.string(),
          choices: z.optional(z.array(z.string())),
          form: z.optional(z.string()),
          meaning: z.string(),
        }),
      ),
    }),
  ),
});
