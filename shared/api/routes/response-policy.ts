import { hasRight } from '../../access/rights.ts';
import { newWebhookSecret } from '../../actions/policy/new-webhook-secret.ts';
import { readPolicy } from '../../actions/policy/read-policy.ts';
import type { ResponsePolicy } from '../../actions/policy/response-policy.ts';
import { idProblem } from '../../connectors/names.ts';
import { etagOf } from '../connector-view.ts';
import { checkIfMatch, outdated } from '../if-match.ts';
import { invalidRequest, notFound } from '../problem.ts';
import { type Answer, type Route, route } from '../route.ts';
import * as schema from '../schemas/response-policy.ts';

const tag = 'Response policy';
const what = 'response policy';
const shown = (description: string) => ({
  description,
  schema: schema.policyView,
  example: schema.policyExample,
  headers: ['ETag'] as const,
});

const get = route({
  id: 'getResponsePolicy',
  method: 'GET',
  path: '/v1/tenants/{tenant}/response-policy',
  right: 'read',
  tag,
  summary: "Get a tenant's response policy",
  description:
    'A tenant that has written none has the defaults. Only admins are shown the whole URL of the webhook: it may hold a secret of its receiver.',
  answers: { 200: shown('The policy as it is now.') },
  async handle({ principal, params, services }) {
    const tenant = tenantOf(params);
    return answerWith(tenant, await services.policies.get(tenant), hasRight(principal, 'admin'));
  },
});

const put = route({
  id: 'putResponsePolicy',
  method: 'PUT',
  path: '/v1/tenants/{tenant}/response-policy',
  right: 'admin',
  tag,
  summary: "Replace a tenant's response policy",
  description:
    'What is left out has its default. The safelist counts for everything that has not been sent to a console yet, also for actions that were asked for before; approvals and limits for what is asked for from then on.',
  body: schema.wholePolicy,
  example: schema.wholePolicyExample,
  headers: ['If-Match'],
  answers: { 200: shown('The policy as it is now.') },
  problems: [412],
  async handle({ params, body, request, services }) {
    const tenant = tenantOf(params);
    const { policies, callbackHosts, actionTypes } = services;
    const seen = await policies.get(tenant);
    checkIfMatch(request, seen, what);
    const read = readPolicy(body, { callbackHosts, actionIds: actionTypes.map(({ id }) => id) });
    if ('problems' in read) throw invalidRequest(read.problems);
    if (!(await policies.put(tenant, read.settings, seen.version))) throw outdated(what);
    return answerWith(tenant, { ...read.settings, version: seen.version + 1 }, true);
  },
});

const newSecret = route({
  id: 'createWebhookSecret',
  method: 'POST',
  path: '/v1/tenants/{tenant}/response-policy/webhook-secret',
  right: 'admin',
  tag,
  summary: "Make a new secret for a tenant's webhook",
  description:
    'The secret that webhooks are signed with is shown in this answer and never again. The one before stops being used at once, so tell the receiver of the new one right away.',
  answers: {
    201: {
      description: 'The secret, once.',
      schema: schema.createdWebhookSecret,
      example: schema.webhookSecretExample,
    },
  },
  async handle({ params, services }) {
    return { status: 201, body: { secret: await newWebhookSecret(tenantOf(params), services) } };
  },
});

/** What a tenant lets response actions do. */
export const responsePolicyRoutes: readonly Route[] = [get, put, newSecret];

/** Whether the caller may see the tenant is checked already; a text that is no id names none. */
function tenantOf({ tenant = '' }: Readonly<Record<string, string>>): string {
  if (idProblem(tenant) !== undefined) throw notFound('tenant');
  return tenant;
}

function answerWith(tenant: string, policy: ResponsePolicy, isAdmin: boolean): Answer {
  return { status: 200, body: view(tenant, policy, isAdmin), headers: { ETag: etagOf(policy) } };
}

/** The policy as it is told; a test checks it against the schema. */
function view(tenant: string, { version, webhook, ...settings }: ResponsePolicy, isAdmin: boolean) {
  return {
    tenant,
    ...settings,
    ...(webhook === undefined
      ? {}
      : { webhook: { url: isAdmin ? webhook.url : `${new URL(webhook.url).origin}/***` } }),
    etag: etagOf({ version }),
  };
}
