import type * as z from 'zod/mini';
import { changeConnector } from '../../connectors/change-connector.ts';
import { connectorIdText, parseConnectorId } from '../../connectors/connector-id.ts';
import type { ConnectorInput } from '../../connectors/connector-input.ts';
import type { ConnectorPlace, StoredConnector } from '../../connectors/connector-registry.ts';
import { deleteConnector, pauseConnector, resumeConnector } from '../../connectors/control-connector.ts';
import { createConnector } from '../../connectors/create-connector.ts';
import { pageOfTenants } from '../../connectors/page-of-tenants.ts';
import { connectorView, etagOf } from '../connector-view.ts';
import { checkIfMatch, outdated } from '../if-match.ts';
import { cursorRefused, readListCursor, writeListCursor } from '../list-cursor.ts';
import { mergePatch } from '../merge-patch.ts';
import { ApiProblem, invalidRequest } from '../problem.ts';
import { type Answer, type Call, type Route, route } from '../route.ts';
import * as schema from '../schemas/connector.ts';
import * as examples from '../schemas/connector-examples.ts';

const tag = 'Connectors';
const shown = (description: string) => ({
  description,
  schema: schema.connectorView,
  example: examples.connector,
  headers: ['ETag'] as const,
});

const create = route({
  id: 'createConnector',
  method: 'POST',
  path: '/v1/connectors',
  right: 'admin',
  tag,
  summary: 'Create a connector',
  description:
    'Stores the token in Secrets Manager, where nobody can read it again, and begins to collect at once. The id in the answer is made of tenant and name; it stays the same for ever.',
  body: schema.newConnector,
  example: examples.newConnector,
  answers: {
    201: {
      ...shown('The connector is there, and its first slices of work are queued.'),
      headers: ['ETag', 'Location'],
    },
  },
  problems: [409],
  async handle({ body: { apiToken, ...input }, services }) {
    const outcome = await createConnector(input, apiToken, services);
    if (outcome.kind === 'invalid') throw invalidRequest(outcome.problems);
    if (outcome.kind === 'name_taken')
      throw nameTaken(connectorIdText({ tenant: input.tenant, id: outcome.id }));
    const { stored } = outcome;
    const location = `/v1/connectors/${connectorIdText(stored.connector)}`;
    return { ...answerWith(stored), status: 201, headers: { ETag: etagOf(stored), Location: location } };
  },
});

const list = route({
  id: 'listConnectors',
  method: 'GET',
  path: '/v1/connectors',
  right: 'read',
  tag,
  summary: 'List connectors',
  description:
    'In the order of their ids. A page may hold fewer than `limit`; follow `nextCursor` to the end.',
  query: schema.listQuery,
  answers: {
    200: { description: 'A page.', schema: schema.connectorList, example: examples.connectorList },
  },
  async handle({ principal, query, services }) {
    const page = await pageOfTenants(services.registry, {
      tenants: query.tenant === undefined ? principal.tenants : [query.tenant],
      ...(query.cursor === undefined ? {} : { after: placeOf(query.cursor) }),
      limit: Number(query.limit ?? '100'),
    });
    const connectors = page.connectors
      .filter(({ state }) => query.state === undefined || state === query.state)
      .filter(({ functions }) => query.function === undefined || functions.includes(query.function));
    const { after } = page;
    return {
      status: 200,
      body: {
        connectors: connectors.map(connectorView),
        ...(after === undefined ? {} : { nextCursor: writeListCursor({ ...after }) }),
      },
    };
  },
});

const get = route({
  id: 'getConnector',
  method: 'GET',
  path: '/v1/connectors/{connectorId}',
  right: 'read',
  tag,
  summary: 'Get a connector',
  answers: { 200: shown('The connector; its token is never told.') },
  async handle({ connector }) {
    return answerWith(connector);
  },
});

const put = route({
  id: 'putConnector',
  method: 'PUT',
  path: '/v1/connectors/{connectorId}',
  right: 'admin',
  tag,
  summary: 'Replace the settings of a connector',
  description:
    'The same body again changes nothing. Tenant, host URL and since cannot change. A new `apiToken` is used at once where the old one is refused, and within five minutes where it still works; no record is lost meanwhile.',
  body: schema.wholeConnector,
  example: examples.wholeConnector,
  headers: ['If-Match'],
  answers: { 200: shown('The connector as it is now.') },
  problems: [409, 412],
  async handle(call) {
    const { apiToken, ...input } = call.body;
    return await change(call, input, apiToken);
  },
});

const patch = route({
  id: 'patchConnector',
  method: 'PATCH',
  path: '/v1/connectors/{connectorId}',
  right: 'admin',
  tag,
  summary: 'Change single settings of a connector',
  description: 'A JSON merge patch: what is not named stays, and null takes a setting back to its default.',
  body: schema.connectorPatch,
  example: { intervalMinutes: 15 },
  headers: ['If-Match'],
  answers: { 200: shown('The connector as it is now.') },
  problems: [409, 412],
  async handle(call) {
    const { apiToken, ...changes } = call.body;
    return await change(call, patched(inputOf(call.connector), changes), apiToken);
  },
});

const remove = route({
  id: 'deleteConnector',
  method: 'DELETE',
  path: '/v1/connectors/{connectorId}',
  right: 'admin',
  tag,
  summary: 'Delete a connector',
  description:
    'Stops collecting, and forgets token and progress. What is in the lake stays. The id is never used again. Deleted again is the same, and completes a deletion that was interrupted.',
  headers: ['If-Match'],
  takesDeleted: true,
  answers: {
    200: {
      description: 'Deleted; says what remains.',
      schema: schema.deletedConnector,
      example: examples.deletedConnector,
    },
  },
  problems: [412],
  async handle({ connector, request, services }) {
    // Its version is that of the deletion, which nobody has seen.
    if (connector.state !== 'deleted') checkIfMatch(request, connector);
    const outcome = await deleteConnector(connector, services);
    if (outcome.kind === 'outdated') throw outdated();
    const { tenant, id } = connector.connector;
    return {
      status: 200,
      body: {
        id: connectorIdText({ tenant, id }),
        state: 'deleted',
        remains: [
          {
            what: 'records',
            where: `landing/tenant=${tenant}/index=*/msg_class=*/dt=*/hr=*/${id}.*`,
            note: 'The lake keeps them until its own expiry.',
          },
          {
            what: 'ledger',
            where: `LEDGER#${tenant}/${id}/*`,
            note: 'The proof of completeness expires by itself.',
          },
          {
            what: 'secret',
            where: `${tenant}/${id}`,
            note: 'Secrets Manager deletes it for good after a week; nobody can use it meanwhile.',
          },
        ],
      },
    };
  },
});

const pause = route({
  id: 'pauseConnector',
  method: 'POST',
  path: '/v1/connectors/{connectorId}/pause',
  right: 'admin',
  tag,
  summary: 'Pause a connector',
  description: 'Slices of work that are under way are the last ones. Progress is kept.',
  answers: { 200: shown('The connector is paused.') },
  problems: [412],
  async handle({ connector, services }) {
    const outcome = await pauseConnector(connector, services);
    if (outcome.kind === 'outdated') throw outdated();
    return answerWith(outcome.stored);
  },
});

const resume = route({
  id: 'resumeConnector',
  method: 'POST',
  path: '/v1/connectors/{connectorId}/resume',
  right: 'admin',
  tag,
  summary: 'Resume a connector',
  description: 'Goes on where it was paused, so that the time between is collected too.',
  answers: { 200: shown('The connector collects again.') },
  problems: [412],
  async handle({ connector, services }) {
    const outcome = await resumeConnector(connector, services);
    if (outcome.kind === 'outdated') throw outdated();
    return answerWith(outcome.stored);
  },
});

/** All that has to do with a connector's settings and life. */
export const connectorRoutes: readonly Route[] = [create, list, get, put, patch, remove, pause, resume];

async function change(
  { connector, request, services }: Call<unknown, unknown, StoredConnector>,
  input: ConnectorInput,
  apiToken: string | undefined,
): Promise<Answer> {
  checkIfMatch(request, connector);
  const outcome = await changeConnector(connector, input, apiToken, services);
  switch (outcome.kind) {
    case 'changed':
      return answerWith(outcome.stored);
    case 'invalid':
      throw invalidRequest(outcome.problems);
    case 'name_taken':
      throw nameTaken(connectorIdText({ tenant: connector.connector.tenant, id: outcome.id }));
    case 'outdated':
      throw outdated();
  }
}

function answerWith(stored: StoredConnector): Answer {
  return { status: 200, body: connectorView(stored), headers: { ETag: etagOf(stored) } };
}

function nameTaken(id: string): ApiProblem {
  return new ApiProblem({
    status: 409,
    code: 'name_taken',
    detail: `The tenant has a connector of this name: ${id}.`,
    recommendation: `Choose another name, or change that connector with PUT /v1/connectors/${id}.`,
    field: 'name',
  });
}

/** The settings of a connector, as a caller would say them. */
function inputOf({ connector, functions }: StoredConnector): ConnectorInput {
  const { intervalMs } = connector;
  return {
    name: connector.name,
    tenant: connector.tenant,
    tenantName: connector.tenantName,
    hostUrl: connector.hostUrl,
    functions,
    contentTypes: connector.contentTypes,
    ...(intervalMs === undefined ? {} : { intervalMinutes: intervalMs / 60_000 }),
    siteIds: connector.siteIds,
    accountIds: connector.accountIds,
    ...(connector.options === undefined ? {} : { options: connector.options }),
    ...(connector.filters === undefined ? {} : { filters: connector.filters }),
  };
}

/** The settings after a merge patch. */
function patched(input: ConnectorInput, changes: z.output<typeof schema.connectorPatch>): ConnectorInput {
  return {
    ...mergePatch({ ...input }, changes),
    name: changes.name ?? input.name,
    tenant: changes.tenant ?? input.tenant,
    hostUrl: changes.hostUrl ?? input.hostUrl,
  };
}

function placeOf(cursor: string): ConnectorPlace {
  const place = parseConnectorId(connectorIdText(readListCursor(cursor, ['tenant', 'id'])));
  if (place === undefined) throw cursorRefused();
  return place;
}
