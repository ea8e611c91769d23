import * as z from 'zod/mini';
import { checkNames } from '../../connectivity/report.ts';

/** Why a connector works or does not. */
export const connectivityReport = z.strictObject({
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.enum(checkNames),
      contentType: z.optional(z.string()),
      ok: z.boolean(),
      status: z.optional(z.number()),
      code: z.optional(z.string()),
      detail: z.string(),
      recommendation: z.optional(z.string()),
      durationMs: z.number(),
    }),
  ),
  token: z.optional(
    z.strictObject({
      user: z.optional(z.string()),
      role: z.optional(z.string()),
      scope: z.optional(z.string()),
      createdAt: z.optional(z.string()),
      expiresAt: z.optional(z.string()),
      daysLeft: z.optional(z.number()),
    }),
  ),
  console: z.optional(
    z.strictObject({
      version: z.optional(z.string()),
      build: z.optional(z.string()),
      release: z.optional(z.string()),
      patch: z.optional(z.string()),
      latestAgentVersion: z.optional(z.string()),
    }),
  ),
});

/** An example for the documentation; a test checks it against the schema. */
export const connectivityExample = {
  ok: false,
  checks: [
    { name: 'host', ok: true, detail: 'a SentinelOne console answers', durationMs: 142 },
    { name: 'authentication', ok: true, detail: 'the console accepts the token', durationMs: 180 },
    {
      name: 'content-type',
      contentType: 'alerts',
      ok: false,
      status: 403,
      code: 'custom_rules_disabled',
      detail: 'GET /cloud-detection/alerts: this scope does not have custom detection rules (STAR).',
      recommendation:
        'Switch this content type off, or have STAR Custom Rules enabled for the site or account.',
      durationMs: 210,
    },
  ],
  token: { user: 'lake@northwind.example', role: 'Viewer', scope: 'account', daysLeft: 173 },
  console: { version: 'S-26.1' },
};
