import fc from 'fast-check';
import { expect, it } from 'vitest';
import { actionTypes } from '../../../shared/actions/registry.ts';
import type { TargetKind } from '../../../shared/actions/subject.ts';
import { routes } from '../../../shared/api/registry.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { alertId, ids, threatId } from './action-console.ts';
import { actionWorld, connector } from './action-support.ts';
import { arbitraryCall } from './arbitrary-calls.ts';

const oddIds = fc.constantFrom<Json>(
  '',
  '*',
  '1001,1002',
  ' 1001',
  '01001',
  '٣',
  '999',
  null,
  1001,
  [],
  {},
  true,
);
const agentId = fc.oneof(
  { arbitrary: fc.constantFrom(...Object.values(ids)), weight: 4 },
  { arbitrary: oddIds, weight: 1 },
);
const hostName = fc.constantFrom(
  'LAPTOP-1',
  'laptop-2',
  'LAPTOP',
  'LAPTOP-',
  'DC01',
  'C01',
  'DC*',
  '%',
  ',',
  'LAPTOP-1,LAPTOP-2',
);
const record = fc.record(
  {
    id: agentId,
    msg_class: fc.constantFrom('sentinelone_agents', 'sentinelone_threats', 'x'),
    msg_origin: fc.constant({ source: 'sentinelone_endpoint' }),
    tenantid: fc.constantFrom('northwind', 'contoso'),
    connector: fc.constantFrom({ id: 'emea-servers' }, { id: 'x' }),
    agentRealtimeInfo: fc.record({ agentId, id: agentId }, { requiredKeys: [] }),
    threatInfo: fc.record({ threatId: fc.constantFrom(threatId, '', '*') }),
    alertInfo: fc.record({ alertId: fc.constantFrom(alertId, '', null) }),
  },
  { requiredKeys: [] },
);
const byThreat = fc.record({ threatId: fc.constantFrom(threatId, threatId, '999', '') });
const byAlert = fc.record({ alertId: fc.constantFrom(alertId, alertId, '999', '') });
const byEndpoint = fc.oneof(
  fc.record({ agentId }),
  fc.record({ hostName }),
  fc.record({ uuid: fc.constantFrom('uuid-1001', 'UUID-1002', '*', 'uuid') }),
);
const ways: Readonly<Record<TargetKind, fc.Arbitrary<Json>>> = {
  agent: fc.oneof(byEndpoint, byEndpoint, byThreat, byAlert, fc.record({ record })),
  threat: fc.oneof(byThreat, fc.record({ record })),
  alert: fc.oneof(byAlert, fc.record({ record })),
};
const odd = fc.constantFrom<Json>({}, { record: {} }, { ids: [] }, { filter: {} }, [], null);
/** Nearly well, with everything there is to name targets by. */
const likely = fc.constantFrom(...actionTypes).chain(({ id, target, example }) =>
  fc
    .record({
      targets: fc.array(
        fc.oneof(
          { arbitrary: ways[target], weight: 20 },
          { arbitrary: ways.agent, weight: 1 },
          { arbitrary: odd, weight: 1 },
        ),
        { maxLength: 4 },
      ),
      extra: fc.oneof(
        { arbitrary: fc.constant<JsonObject>({}), weight: 12 },
        { arbitrary: fc.constantFrom<JsonObject>({ filter: {} }, { parameters: { ids: [] } }), weight: 1 },
      ),
    })
    .map(({ targets, extra }) =>
      JSON.stringify({ connector, action: id, targets, parameters: example, ...extra }),
    ),
);
/** Anything that the schema lets through, and much that it does not. */
const anything = arbitraryCall(
  routes.filter(({ id }) => id === 'createAction'),
  1,
).map(({ request }) => request.body ?? '');

it('no command goes to the console without ids, nor to anything that was not named', async () => {
  let commands = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ arbitrary: likely, weight: 4 }, { arbitrary: anything, weight: 1 }),
      fc.constantFrom('', '?wait=5'),
      fc.boolean(),
      async (text, query, isCareless) => {
        const { as, console } = await actionWorld();
        console.isCareless = isCareless;
        const { status } = await as('POST', `/v1/actions${query}`, {
          text,
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'k' },
        });
        expect(status).toBeLessThan(500);
        if (status >= 300) {
          expect(console.deeds).toEqual([]);
          refused += 1;
          return;
        }
        const named = namedBy(JSON.parse(text), console.agents);
        for (const { ids, body } of console.deeds) {
          expect(ids.length).toBeGreaterThan(0);
          expect(ids.filter((id) => !named.has(id))).toEqual([]);
          expect(Object.keys(Object(body['filter']))).toEqual(['ids']);
          commands += 1;
        }
      },
    ),
    { numRuns: 400 },
  );
  // Both have happened, and often.
  expect([commands > 40, refused > 40]).toEqual([true, true]);
});

/** Everything that a body names in so many words: the law is that nothing else is touched. */
function namedBy(body: JsonObject, agents: readonly JsonObject[]): ReadonlySet<unknown> {
  const named = new Set<unknown>();
  const texts = new Set(textsIn(body['targets']));
  for (const text of texts) {
    named.add(text);
    // The endpoints that the console says the threat and the alert were seen on.
    if (text === threatId) named.add(ids.online);
    if (text === alertId) named.add(ids.other);
    for (const { id, uuid, computerName } of agents)
      if ([uuid, computerName].some((name) => String(name).toLowerCase() === text.toLowerCase()))
        named.add(id);
  }
  return named;
}

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
