import * as z from 'zod/mini';
import { connectorFunctions } from '../../connectors/connector-registry.ts';

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const ids = z.array(text(20)).check(z.maxLength(1000));
const option = z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown())]);

/** How a connector's token comes in. It is never told. */
export const apiToken = z
  .string()
  .check(
    z.minLength(8),
    z.maxLength(8192),
    z.regex(/^[\x21-\x7e]+$/, 'must hold no spaces, line breaks or characters outside ASCII.'),
  );

/** What may be said about a connector besides its token; the finer rules are in shared/connectors/connector-input.ts. */
const settings = {
  name: text(64),
  tenantName: z.optional(text(128)),
  hostUrl: text(2048),
  functions: z.optional(z.array(z.enum(connectorFunctions)).check(z.maxLength(2))),
  contentTypes: z.optional(z.union([z.literal('all'), z.array(text(64)).check(z.maxLength(100))])),
  intervalMinutes: z.optional(z.int().check(z.minimum(1), z.maximum(1440))),
  since: z.optional(text(40)),
  siteIds: z.optional(ids),
  accountIds: z.optional(ids),
  filters: z.optional(z.array(z.record(z.string(), z.unknown())).check(z.maxLength(50))),
  options: z.optional(z.record(z.string(), z.record(z.string(), option))),
};

/** `POST /v1/connectors` */
export const newConnector = z.strictObject({ tenant: text(63), ...settings, apiToken });

/** `PUT /v1/connectors/{connectorId}`: without a token the one that is stored stays. */
export const wholeConnector = z.strictObject({
  tenant: text(63),
  ...settings,
  apiToken: z.optional(apiToken),
});

const nullable = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));

/** `PATCH /v1/connectors/{connectorId}`, a JSON merge patch (RFC 7396): null takes a setting back to its default. */
export const connectorPatch = z.strictObject({
  tenant: z.optional(text(63)),
  name: z.optional(text(64)),
  tenantName: nullable(text(128)),
  hostUrl: z.optional(text(2048)),
  functions: nullable(z.array(z.enum(connectorFunctions)).check(z.maxLength(2))),
  contentTypes: nullable(z.union([z.literal('all'), z.array(text(64)).check(z.maxLength(100))])),
  intervalMinutes: nullable(z.int().check(z.minimum(1), z.maximum(1440))),
  since: nullable(text(40)),
  siteIds: nullable(ids),
  accountIds: nullable(ids),
  filters: nullable(z.array(z.record(z.string(), z.unknown())).check(z.maxLength(50))),
  options: nullable(z.record(z.string(), z.nullable(z.record(z.string(), z.nullable(option))))),
  apiToken: z.optional(apiToken),
});

/** A connector as it is told. */
export const connectorView = z.strictObject({
  id: z.string(),
  tenant: z.string(),
  tenantName: z.string(),
  name: z.string(),
  hostUrl: z.string(),
  functions: z.array(z.enum(connectorFunctions)),
  contentTypes: z.array(z.string()),
  intervalMinutes: z.optional(z.number()),
  since: z.string(),
  siteIds: z.array(z.string()),
  accountIds: z.array(z.string()),
  filters: z.array(z.record(z.string(), z.unknown())),
  options: z.record(z.string(), z.record(z.string(), z.unknown())),
  state: z.enum(['active', 'paused', 'deleted']),
  createdAt: z.string(),
  updatedAt: z.string(),
  etag: z.string(),
});

/** A page of the list. */
export const connectorList = z.strictObject({
  connectors: z.array(connectorView),
  nextCursor: z.optional(z.string()),
});

/** What is left of a deleted connector, and where. */
export const deletedConnector = z.strictObject({
  id: z.string(),
  state: z.literal('deleted'),
  remains: z.array(z.strictObject({ what: z.string(), where: z.string(), note: z.string() })),
});

/** Query of the list. */
export const listQuery = z.strictObject({
  tenant: z.optional(text(63)),
  state: z.optional(z.enum(['active', 'paused'])),
  function: z.optional(z.enum(connectorFunctions)),
  limit: z.optional(
    z.string().check(z.regex(/^([1-9]\d{0,2}|1000)$/, 'must be a whole number from 1 to 1000.')),
  ),
  cursor: z.optional(text(500)),
});
