import type { ApiKeyView } from '../../access/api-key.ts';
import { createKey } from '../../access/create-key.ts';
import { mostKeysPerPage } from '../../access/key-store.ts';
import { mayManageKey } from '../../access/principal.ts';
import { cursorRefused } from '../list-cursor.ts';
import { invalidRequest, notFound } from '../problem.ts';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/key.ts';
import * as examples from '../schemas/key-examples.ts';

const tag = 'Keys';

const create = route({
  id: 'createKey',
  method: 'POST',
  path: '/v1/keys',
  right: 'admin',
  tag,
  summary: 'Create an API key',
  description:
    'The key is shown in this answer and never again; a hash of it is kept. An admin of some tenants makes keys for these tenants only.',
  body: schema.newKey,
  example: examples.newKey,
  answers: {
    201: { description: 'The key, once.', schema: schema.createdKey, example: examples.createdKey },
  },
  async handle({ principal, body, services }) {
    const { expiresAt, ...draft } = body;
    const outcome = await createKey(services, {
      ...draft,
      ...(expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) }),
      createdBy: principal,
    });
    if (outcome.kind === 'refused') throw invalidRequest(outcome.problems);
    return { status: 201, body: { key: outcome.key, apiKey: told(outcome.apiKey) } };
  },
});

const list = route({
  id: 'listKeys',
  method: 'GET',
  path: '/v1/keys',
  right: 'admin',
  tag,
  summary: 'List API keys',
  description: 'Also expired and revoked ones; an admin of some tenants sees the keys of these tenants.',
  query: schema.keyListQuery,
  answers: { 200: { description: 'A page.', schema: schema.keyList, example: { keys: [examples.apiKey] } } },
  async handle({ principal, query, services }) {
    const page = await services.keys.list({
      limit: Number(query.limit ?? mostKeysPerPage),
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    });
    if (page.kind === 'cursor_refused') throw cursorRefused();
    const keys = page.keys.filter((key) => mayManageKey(principal, key)).map(told);
    const { nextCursor } = page;
    return { status: 200, body: { keys, ...(nextCursor === undefined ? {} : { nextCursor }) } };
  },
});

const revoke = route({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/v1/keys/{keyId}',
  right: 'admin',
  tag,
  summary: 'Revoke an API key',
  description: 'It stops working at once and stays in the list. Revoked again is the same.',
  answers: {
    200: { description: 'The key as it is now.', schema: schema.keyView, example: examples.apiKey },
  },
  async handle({ principal, params, services, now }) {
    const { keyId = '' } = params;
    const key = await services.keys.get(keyId);
    if (key === undefined || !mayManageKey(principal, key)) throw notFound('key');
    const revoked = await services.keys.revoke(keyId, now);
    if (revoked === undefined) throw notFound('key');
    return { status: 200, body: told(revoked) };
  },
});

/** Everything about API keys. */
export const keyRoutes: readonly Route[] = [create, list, revoke];

/** Times as ISO-8601 UTC. */
function told({ createdAt, expiresAt, revokedAt, lastUsedAt, ...key }: ApiKeyView) {
  return {
    ...key,
    createdAt: new Date(createdAt).toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
    ...(revokedAt === undefined ? {} : { revokedAt: new Date(revokedAt).toISOString() }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: new Date(lastUsedAt).toISOString() }),
  };
}
