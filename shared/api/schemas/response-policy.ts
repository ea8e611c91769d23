import * as z from 'zod/mini';
import { dangerClasses } from '../../actions/action-type.ts';
import { machineTypes, selectorFields } from '../../actions/policy/endpoint-selector.ts';

const text = (most: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(most),
    z.refine((value) => value === value.trim(), 'must not begin or end with a space.'),
  );
const consoleId = z.string().check(z.regex(/^\d{1,24}$/, 'must be an id of the console: 1 to 24 digits.'));
const listOf = <T extends z.ZodMiniType>(item: T) =>
  z.optional(z.array(item).check(z.minLength(1), z.maxLength(1000)));
const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));

/** What names endpoints; an endpoint is meant where any of it applies. */
const selector = {
  agentIds: listOf(consoleId),
  computerNames: listOf(text(255)),
  groupIds: listOf(consoleId),
  groupNames: listOf(text(255)),
  siteIds: listOf(consoleId),
  tags: listOf(text(512)),
  machineTypes: listOf(z.enum(machineTypes)),
  directoryGroups: listOf(text(1024)),
};

const hasSelector = (entry: Readonly<Partial<Record<(typeof selectorFields)[number], unknown>>>) =>
  selectorFields.some((field) => entry[field] !== undefined);

const safelistEntry = z
  .strictObject({ name: text(100), ...selector })
  .check(
    z.refine(
      hasSelector,
      `names no endpoint and would protect nobody: add at least one of ${selectorFields.join(', ')}.`,
    ),
  );

const approvalRule = z
  .strictObject({
    name: text(100),
    actions: listOf(text(64)),
    dangers: listOf(z.enum(dangerClasses)),
    endpoints: z.optional(
      z
        .strictObject(selector)
        .check(z.refine(hasSelector, `names no endpoint: add at least one of ${selectorFields.join(', ')}.`)),
    ),
  })
  .check(
    z.refine(
      ({ actions, dangers, endpoints }) => (actions ?? dangers ?? endpoints) !== undefined,
      'is a rule for nothing: add at least one of actions, dangers, endpoints.',
    ),
  );

const safelist = z.array(safelistEntry).check(z.maxLength(100));
const approvals = z.array(approvalRule).check(z.maxLength(100));
const webhook = z.strictObject({ url: z.string().check(z.minLength(1), z.maxLength(2048)) });

/** `PUT /v1/tenants/{tenant}/response-policy`; the finer rules are in shared/actions/policy/read-policy.ts. */
export const wholePolicy = z.strictObject({
  safelist: z.optional(safelist),
  approvals: z.optional(approvals),
  isolationsPerHour: z.optional(whole(0, 1000)),
  mostTargets: z.optional(whole(1, 100)),
  followOfflineDays: z.optional(whole(1, 30)),
  approvalMinutes: z.optional(whole(1, 1440)),
  webhook: z.optional(webhook),
});

/** A policy as it is told. */
export const policyView = z.strictObject({
  tenant: z.string(),
  safelist,
  approvals,
  isolationsPerHour: z.number(),
  mostTargets: z.number(),
  followOfflineDays: z.number(),
  approvalMinutes: z.number(),
  webhook: z.optional(webhook),
  etag: z.string(),
});

/** The answer to a new secret, and the only one that holds it. */
export const createdWebhookSecret = z.strictObject({ secret: z.string() });

/** Examples for the documentation; a test checks each against its schema. */
export const wholePolicyExample = {
  safelist: [
    {
      name: 'Domain controllers',
      directoryGroups: ['Domain Controllers'],
      computerNames: ['DC*', 'ADFS*'],
    },
    { name: 'Production line', siteIds: ['1204567890123456751'], tags: ['criticality=high'] },
  ],
  approvals: [
    {
      name: 'Servers need four eyes',
      dangers: ['isolating', 'disruptive'],
      endpoints: { machineTypes: ['server'] },
    },
  ],
  isolationsPerHour: 20,
  mostTargets: 50,
  followOfflineDays: 7,
  approvalMinutes: 60,
};

export const policyExample = { tenant: 'northwind', ...wholePolicyExample, etag: '"3"' };

export const webhookSecretExample = { secret: 'whsec_(shown here once)' };
