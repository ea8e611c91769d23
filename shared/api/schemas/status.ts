import * as z from 'zod/mini';
import { states } from '../../status/state.ts';
import { connectivityExample, connectivityReport } from './connectivity.ts';

const state = z.enum(states);
const count = z.number();

const amounts = z.strictObject({
  records: count,
  bytes: count,
  filtered: count,
  throttledMs: count,
  unavailableMs: count,
});

/** What happened to a content type last, and what to do about it. */
export const contentTypeStatus = z.strictObject({
  contentType: z.string(),
  state,
  since: z.string(),
  watermark: z.string(),
  lagSeconds: count,
  newDataUntil: z.optional(z.string()),
  lastSuccess: z.optional(z.string()),
  lastData: z.optional(z.string()),
  records: count,
  filtered: count,
  filteredBy: z.optional(z.record(z.string(), count)),
  windows: count,
  throttled: count,
  recent: z.strictObject({ thisHour: amounts, lastHour: amounts, today: amounts, yesterday: amounts }),
  error: z.optional(
    z.strictObject({
      code: z.string(),
      message: z.string(),
      recommendation: z.string(),
      httpStatus: z.optional(z.number()),
      failures: count,
    }),
  ),
  nextRun: z.optional(z.string()),
});

export const connectorStatus = z.strictObject({
  connector: z.string(),
  tenant: z.string(),
  name: z.string(),
  state,
  contentTypes: z.array(contentTypeStatus),
  unreadable: z.optional(
    z.array(
      z.strictObject({
        contentType: z.string(),
        code: z.literal('state_malformed'),
        message: z.string(),
        recommendation: z.string(),
      }),
    ),
  ),
  unsettled: z.optional(
    z.strictObject({
      contentTypes: z.array(z.string()),
      code: z.literal('change_interrupted'),
      message: z.string(),
      recommendation: z.string(),
    }),
  ),
  lastTest: z.optional(z.strictObject({ at: z.string(), report: connectivityReport })),
  token: z.optional(z.strictObject({ expiresAt: z.string(), daysLeft: z.number() })),
});

export const fleetStatus = z.strictObject({
  connectors: z.array(connectorStatus),
  counts: z.record(z.string(), count),
  nextCursor: z.optional(z.string()),
});

/**
 * At most 100 of a page: a Lambda function may answer 6 MB, and a connector of many content types with its last test has some
 * 20 KB, and more where many filters drop records.
 */
export const fleetQuery = z.strictObject({
  tenant: z.optional(z.string().check(z.maxLength(63))),
  state: z.optional(state),
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100.'))),
  cursor: z.optional(z.string().check(z.maxLength(500))),
});

const none = { records: 0, bytes: 0, filtered: 0, throttledMs: 0, unavailableMs: 0 };

/** An example for the documentation; a test checks it against the schema. */
export const statusExample = {
  connector: 'northwind.emea-servers',
  tenant: 'northwind',
  name: 'emea-servers',
  state: 'licence',
  contentTypes: [
    {
      contentType: 'alerts',
      state: 'licence',
      since: '2026-11-26T09:30:04.000Z',
      watermark: '2026-10-27T09:30:00.000Z',
      lagSeconds: 2_592_000,
      records: 0,
      filtered: 0,
      windows: 0,
      throttled: 0,
      recent: { thisHour: none, lastHour: none, today: none, yesterday: none },
      error: {
        code: 'custom_rules_disabled',
        message: 'GET /cloud-detection/alerts: this scope does not have custom detection rules (STAR).',
        recommendation:
          'Switch this content type off, or have STAR Custom Rules enabled for the site or account.',
        httpStatus: 403,
        failures: 3,
      },
      nextRun: '2026-11-26T10:30:04.000Z',
    },
    {
      contentType: 'threats',
      state: 'ok',
      since: '2026-11-26T09:31:40.000Z',
      watermark: '2026-11-26T09:44:00.000Z',
      lagSeconds: 75,
      lastSuccess: '2026-11-26T09:45:02.000Z',
      lastData: '2026-11-26T09:45:02.000Z',
      records: 18_204,
      filtered: 12,
      filteredBy: { 'drop-lab': 12 },
      windows: 720,
      throttled: 2,
      recent: {
        thisHour: { ...none, records: 21, bytes: 9_314, filtered: 1 },
        lastHour: { ...none, records: 32, bytes: 14_020 },
        today: { ...none, records: 218, bytes: 96_210, filtered: 3, throttledMs: 4_000 },
        yesterday: { ...none, records: 611, bytes: 270_118, filtered: 8 },
      },
      nextRun: '2026-11-26T09:50:00.000Z',
    },
  ],
  lastTest: { at: '2026-11-26T09:29:40.000Z', report: connectivityExample },
  token: { expiresAt: '2027-05-18T00:00:00.000Z', daysLeft: 172 },
};
