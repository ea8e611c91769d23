import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Right } from '../../../shared/access/rights.ts';
import * as schema from '../../../shared/api/schemas/action.ts';

/** An action as the API tells it. */
export type ActionView = z.output<typeof schema.actionView>;
/** The steps of an action as the API tells them. */
export type TrailView = z.output<typeof schema.actionTrail>['trail'];

/** One call of the control API, and its answer. */
export interface Exchange {
  /** `POST /v1/actions`; ids of actions are left out of the path. */
  readonly call: string;
  readonly status: number;
  readonly location: string | null;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

/** A caller of the control API. */
export interface ApiClient {
  /** Any call, whatever its answer. */
  call(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Exchange>;
  /** A call that has to succeed. Throws Error with the answer. */
  ok(method: string, path: string, body?: object): Promise<unknown>;
  /** `POST /v1/actions`, under a key of its own where none is given. */
  act(body: object, how?: { readonly key?: string; readonly wait?: number }): Promise<Exchange>;
  action(id: string, wait?: number): Promise<ActionView>;
  trail(id: string): Promise<TrailView>;
  /** All actions of a tenant that were requested since, epoch milliseconds. */
  actions(tenant: string, since: number): Promise<readonly ActionView[]>;
}

/** @param url asked for with each call: a stack that was started again serves on another port */
export function apiClient(url: () => string, key: string): ApiClient {
  async function call(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Exchange> {
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      call: `${method} ${path.replace(/\/v1\/actions\/[^/?]+/, '/v1/actions/{id}')}`,
      status: response.status,
      location: response.headers.get('location'),
      retryAfter: response.headers.get('retry-after'),
      body: JSON.parse(await response.text()),
    };
  }

  async function ok(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return {
    call,
    ok,
    act: (body, { key: idempotency = randomUUID(), wait = 0 } = {}) =>
      call('POST', `/v1/actions${wait === 0 ? '' : `?wait=${wait}`}`, body, {
        'idempotency-key': idempotency,
      }),
    action: async (id, wait = 0) =>
      actionOf(await ok('GET', `/v1/actions/${id}${wait === 0 ? '' : `?wait=${wait}`}`)),
    trail: async (id) => z.parse(schema.actionTrail, await ok('GET', `/v1/actions/${id}/trail`)).trail,
    async actions(tenant, since) {
      const all: ActionView[] = [];
      const from = encodeURIComponent(new Date(since).toISOString());
      let cursor = '';
      do {
        const page = z.parse(
          schema.actionList,
          await ok('GET', `/v1/actions?tenant=${tenant}&from=${from}&limit=50${cursor}`),
        );
        all.push(...page.actions);
        cursor = page.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
      } while (cursor !== '');
      return all;
    },
  };
}

/** The action that a body tells of. Throws where the body is not as its schema says. */
export function actionOf(body: unknown): ActionView {
  return z.parse(schema.actionView, body);
}

/** The id of the action that an answer tells of. */
export function idOf({ body }: Pick<Exchange, 'body'>): string {
  const { id } = actionOf(body);
  if (id === undefined) throw new Error('The answer is that of a dry run.');
  return id;
}

/** True where nothing more becomes of it. */
export function isOver({ targets }: ActionView): boolean {
  return targets.every(({ state }) => ['done', 'failed', 'skipped', 'expired', 'unknown'].includes(state));
}

/** Makes a key of its own for somebody. */
export async function newCaller(
  admin: ApiClient,
  url: () => string,
  name: string,
  rights: readonly Right[] = ['respond'],
): Promise<ApiClient> {
  const made = await admin.ok('POST', '/v1/keys', { name, tenants: 'all', rights });
  return apiClient(url, z.parse(z.object({ key: z.string() }), made).key);
}

/** Saves a connector that only responds unless content types are given, and gives back its id. */
export async function newConnector(
  admin: ApiClient,
  settings: {
    readonly tenant: string;
    readonly name: string;
    readonly hostUrl: string;
    readonly apiToken: string;
    readonly siteIds?: readonly string[];
    readonly collects?: readonly string[];
  },
): Promise<string> {
  const { collects, ...given } = settings;
  const made = await admin.ok('POST', '/v1/connectors', {
    ...given,
    functions: collects === undefined ? ['respond'] : ['collect', 'respond'],
    contentTypes: collects ?? ['agents'],
    since: '8h',
  });
  return z.parse(z.object({ id: z.string() }), made).id;
}
