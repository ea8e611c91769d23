import type { PolicySettings } from '../../../shared/actions/policy/response-policy.ts';
import { defaultSettings } from '../../../shared/actions/policy/response-policy.ts';
import { apiWorld, goodConnector, type TestAnswer, type TestCall } from '../../support/api-world.ts';
import { actionConsole, ids } from './action-console.ts';

export const connector = 'northwind.emea-servers';
export const responding = { ...goodConnector, functions: ['collect', 'respond'] };

/** The API with a connector that may act, a console behind it, and somebody who may respond. */
export async function actionWorld() {
  const console = actionConsole();
  const world = apiWorld({}, console);
  const admin = await world.key();
  const soar = await world.key(['respond'], ['northwind']);
  const created = await world.call('POST', '/v1/connectors', { key: admin, body: responding });
  if (created.json['id'] !== connector) throw new Error(`The connector was not created: ${created.body}`);
  world.audit.records.length = 0;
  let keys = 0;

  const as = (method: string, path: string, sent: TestCall = {}) =>
    world.call(method, path, { key: soar, ...sent });

  return {
    ...world,
    console,
    admin,
    soar,
    /** A call with the key of the SOAR. */
    as,
    /** Asks for an action, under a new idempotency key where the test names none; isolates the first endpoint. */
    act: (
      changes: object = {},
      { query = '', ...sent }: TestCall & { readonly query?: string } = {},
    ): Promise<TestAnswer> =>
      as('POST', `/v1/actions${query}`, {
        body: { connector, action: 'contain', targets: [{ agentId: ids.online }], ...changes },
        headers: { 'Idempotency-Key': `step-${++keys}` },
        ...sent,
      }),
    /** Writes the tenant's policy. */
    async policy(changes: Partial<PolicySettings>): Promise<void> {
      const { version } = await world.policies.get('northwind');
      await world.policies.put('northwind', { ...defaultSettings, ...changes }, version);
    },
  };
}

/** States and reasons of the targets in an answer. */
export function outcomes({ json }: Pick<TestAnswer, 'json'>): readonly string[] {
  const targets = Array.isArray(json['targets']) ? json['targets'] : [];
  return targets.map((target) => {
    const { state, reason } = Object(target);
    return reason === undefined ? String(state) : `${state} ${reason.code}`;
  });
}
