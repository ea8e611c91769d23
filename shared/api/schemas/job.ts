import * as z from 'zod/mini';
import { time } from './time.ts';

/** `POST /v1/connectors/{connectorId}/backfill` */
export const newBackfill = z.strictObject({
  contentTypes: z
    .array(z.string().check(z.minLength(1), z.maxLength(64)))
    .check(z.minLength(1), z.maxLength(100)),
  from: time,
  to: z.optional(time),
});

export const jobView = z.strictObject({
  id: z.string(),
  connector: z.string(),
  kind: z.literal('backfill'),
  state: z.enum(['running', 'paused', 'done', 'cancelled']),
  from: z.string(),
  to: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  cancelledAt: z.optional(z.string()),
  contentTypes: z.array(
    z.strictObject({
      contentType: z.string(),
      percent: z.number(),
      records: z.number(),
      spans: z.array(
        z.strictObject({
          from: z.string(),
          to: z.string(),
          watermark: z.string(),
          error: z.optional(z.string()),
        }),
      ),
    }),
  ),
});

export const jobList = z.strictObject({ jobs: z.array(jobView) });

/** Examples for the documentation; a test checks each against its schema. */
export const newBackfillExample = { contentTypes: ['threats'], from: '2026-01-01T00:00:00Z' };

export const jobExample = {
  id: 'northwind.emea-servers.j1',
  connector: 'northwind.emea-servers',
  kind: 'backfill',
  state: 'running',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-10-27T09:30:00.000Z',
  createdAt: '2026-11-26T09:40:00.000Z',
  createdBy: 'key:3f8k2m9q1x7c5v0b',
  contentTypes: [
    {
      contentType: 'threats',
      percent: 41.2,
      records: 5_320,
      spans: [
        {
          from: '2026-01-01T00:00:00.000Z',
          to: '2026-10-27T09:30:00.000Z',
          watermark: '2026-05-04T00:00:00.000Z',
        },
      ],
    },
  ],
};
