import * as z from 'zod/mini';
import type { JsonObject } from '../json.ts';
import { isObject, type Json } from '../json.ts';
import type { AnswerShape, Route } from './route.ts';

const problemSchema: JsonObject = {
  type: 'object',
  description: 'What went wrong and what to do about it (RFC 9457).',
  required: ['type', 'title', 'status', 'code', 'detail', 'recommendation', 'instance'],
  properties: {
    type: { type: 'string', description: 'A URN that names the kind of problem.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable, for programs.' },
    detail: { type: 'string', description: 'One sentence about this call.' },
    recommendation: { type: 'string', description: 'What to do.' },
    field: {
      type: 'string',
      description: 'The part of the request that is wrong, the first where there are several.',
    },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message', 'recommendation'],
        properties: {
          field: { type: 'string' },
          message: { type: 'string' },
          recommendation: { type: 'string' },
        },
      },
    },
    upstreamStatus: {
      type: 'integer',
      description: 'The HTTP status of the console, where its answer is the reason.',
    },
    instance: { type: 'string', description: 'Names the call in the log.' },
  },
  example: {
    type: 'urn:sentinel-lake:problem:right_missing',
    title: 'Forbidden',
    status: 403,
    code: 'right_missing',
    detail: 'The caller does not have the right admin.',
    recommendation: 'Use a key with the right admin; an admin can create one.',
    instance: 'urn:sentinel-lake:request:8f14e45f-ceea-4e7a-9c3b-2f4d5e6a7b8c',
  },
};

const headerShapes: Readonly<Record<string, JsonObject>> = {
  ETag: { description: 'For If-Match of a later change.', schema: { type: 'string' } },
  Location: { description: 'Where it is from now on.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
  'X-Next-Cursor': {
    description: 'For `cursor` of the next call; absent where nothing more follows.',
    schema: { type: 'string' },
  },
};

/** The API as an OpenAPI 3.0.3 document, made from the routes. */
export function openApiDocument(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Sentinel Lake control API',
      version,
      description:
        'Connectors that collect SentinelOne data into an S3 data lake, their status, the response actions that they carry out, and the keys for all of it.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com/{stage}',
        description: 'The output ApiUrl of the deployed stack.',
        variables: {
          api: { default: 'api-id' },
          region: { default: 'eu-central-1' },
          stage: { default: 'prod' },
        },
      },
    ],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({
      name,
      ...(tagDescriptions[name] === undefined ? {} : { description: tagDescriptions[name] }),
    })),
    security: [{ apiKey: [] }, { bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key, sl_…' },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a JWT of the issuer that the stack is configured for.',
        },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

function operation(route: Route): JsonObject {
  const { id, tag, summary, description, right, body, example } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(right === 'open' ? { security: [] } : { 'x-right': right }),
    ...(parameters(route).length === 0 ? {} : { parameters: parameters(route) }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: schemaOf(body), ...(example === undefined ? {} : { example }) },
            },
          },
        }),
    responses: responses(route),
  };
}

const requestHeaders: Readonly<Record<NonNullable<Route['headers']>[number], string>> = {
  'If-Match': 'The ETag of what the caller has seen; 412 where it has been changed since.',
  'Idempotency-Key':
    'Different for each action, the same when a call is repeated: 1 to 255 printable ASCII characters, e.g. a UUID.',
};

function parameters({ path, query, headers = [] }: Route): readonly JsonObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(
    ([, name = '']): JsonObject => ({ name, in: 'path', required: true, schema: { type: 'string' } }),
  );
  const shape = query === undefined ? {} : schemaOf(query);
  const { properties, required } = shape;
  const inQuery = Object.entries(isObject(properties) ? properties : {}).map(
    ([name, schema]): JsonObject => ({
      name,
      in: 'query',
      required: Array.isArray(required) && required.includes(name),
      schema,
    }),
  );
  const inHeader = headers.map(
    (name): JsonObject => ({
      name,
      in: 'header',
      required: false,
      description: requestHeaders[name],
      schema: { type: 'string' },
    }),
  );
  return [...inPath, ...inQuery, ...inHeader];
}

function responses(route: Route): JsonObject {
  const all: Record<string, Json> = {};
  for (const [status, shape] of Object.entries(route.answers)) all[status] = response(shape);
  for (const status of problemStatuses(route)) all[String(status)] ??= problemResponse(status);
  return all;
}

/** All problems that the route may answer, by what it takes: a route names those of its own only. */
function problemStatuses({ path, query, body, right, problems = [] }: Route): readonly number[] {
  const statuses = new Set([500, ...problems]);
  // 502 and 503: the issuer of tokens, or a console, does not answer.
  if (right !== 'open') for (const status of [401, 403, 429, 502, 503]) statuses.add(status);
  if (body !== undefined) for (const status of [400, 413, 415]) statuses.add(status);
  if (query !== undefined || body !== undefined) for (const status of [404, 422]) statuses.add(status);
  if (path.includes('{')) statuses.add(404);
  return [...statuses].sort();
}

function response(shape: AnswerShape): JsonObject {
  const { description, headers = [], mayHave = [] } = shape;
  const named = [...headers, ...mayHave];
  const content = contentOf(shape);
  return {
    description,
    ...(named.length === 0
      ? {}
      : { headers: Object.fromEntries(named.map((name) => [name, headerShapes[name] ?? {}])) }),
    ...(content === undefined ? {} : { content }),
  };
}

/** By media type; undefined for an answer without a body. */
function contentOf({ schema, example, text }: AnswerShape): JsonObject | undefined {
  if (text !== undefined)
    return { [text.contentType]: { schema: { type: 'string' }, example: text.content } };
  if (schema === undefined) return undefined;
  return {
    'application/json': {
      schema: schemaOf(schema),
      ...(example === undefined ? {} : { example: JSON.parse(JSON.stringify(example)) }),
    },
  };
}

function problemResponse(status: number): JsonObject {
  return {
    description: problemDescriptions[status] ?? 'A problem.',
    ...(status === 429 ? { headers: { 'Retry-After': headerShapes['Retry-After'] ?? {} } } : {}),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Of the groups of operations. */
const tagDescriptions: Readonly<Record<string, string>> = {
  About: 'What the API says about itself and about whoever asks.',
  Connectors: 'The settings and the life of connectors.',
  Connectivity: 'Whether and why connectors work, asked of the console.',
  Status: 'How connectors work, as the last runs left it.',
  Filters: 'Which records are written.',
  Jobs: 'What is read beside the live collection.',
  Actions: 'What is done to endpoints, threats and alerts, and what became of it.',
  'Response policy': 'What a tenant lets response actions do, and who is told of them.',
  Keys: 'API keys, their rights and tenants.',
};

const problemDescriptions: Readonly<Record<number, string>> = {
  400: 'The body is not JSON, or an idempotency key is missing.',
  401: 'No key, or one that is wrong, expired or revoked.',
  403: 'The key lacks the right.',
  404: 'There is no such thing, or it belongs to a tenant of somebody else.',
  409: 'It contradicts what is there.',
  412: 'It has been changed since it was read.',
  413: 'The body is too large.',
  415: 'The body is not declared as JSON.',
  422: 'Something in the request is wrong; `fields` says what.',
  429: 'The key has made its requests of this minute, or has isolated as many endpoints as it may.',
  500: 'A fault of the API itself.',
  502: 'The console, or the issuer of the token, has answered with a failure; `upstreamStatus` is its own.',
  503: 'The console, or the issuer of the token, is away or asks to wait; `upstreamStatus` is its own.',
};

/** In the dialect of OpenAPI 3.0. */
function schemaOf(schema: z.ZodMiniType): JsonObject {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => moveNullable(jsonSchema),
  });
  return JSON.parse(JSON.stringify(made));
}

/** OpenAPI 3.0 counts `nullable` only beside a `type`, so of alternatives each one says it. */
function moveNullable(schema: z.core.JSONSchema.BaseSchema): void {
  const { anyOf } = schema;
  if (schema['nullable'] !== true || schema.type !== undefined || anyOf === undefined) return;
  delete schema['nullable'];
  schema.anyOf = anyOf.map((one) => ({ ...one, nullable: true }));
}
