import fc from 'fast-check';
import * as z from 'zod/mini';
import type { ApiRequest } from '../../../shared/api/http.ts';
import type { ObjectSchema, Route } from '../../../shared/api/route.ts';

/** A call of a route as somebody might make it who has read half of the documentation. */
export interface ArbitraryCall {
  readonly request: Omit<ApiRequest, 'requestId' | 'sourceIp'>;
  /** Which of the test's keys it is made with. */
  readonly key: number;
}

const anyText = fc.oneof(
  fc.constantFrom('', ' ', '__proto__', 'constructor', '\u0000', 'ü', '../..', '1e999', 'null', '"', '{}'),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const goodTexts: Readonly<Record<string, readonly string[]>> = {
  connectorId: [
    'northwind.emea-servers',
    'northwind.emea-servers-2',
    'contoso.emea-servers',
    'contoso.nothing',
  ],
  keyId: ['0000000000000000', 'abcdefghij012345'],
  actionId: [
    'northwind.emea-servers.0123456789abcdef0123456789abcdef',
    'northwind.emea-servers.fedcba9876543210fedcba9876543210',
    'contoso.emea-servers.0123456789abcdef0123456789abcdef',
  ],
  connector: ['northwind.emea-servers', 'contoso.emea-servers'],
  action: ['contain', 'release', 'initiate-scan', 'kill', 'set-alert-status', 'uninstall'],
  agentId: ['1001', '1002', '1003', '1004', '1005'],
  hostName: ['LAPTOP-1', 'laptop-2', 'DC01'],
  uuid: ['uuid-1001', 'UUID-1002'],
  threatId: ['2001', '2002'],
  alertId: ['3001'],
  ticket: ['INC-1', 'INC-2'],
  wait: ['0', '3', '20', '21'],
  jobId: ['northwind.emea-servers.j1', 'contoso.emea-servers.j1'],
  tenant: ['northwind', 'contoso', 'fabrikam'],
  name: ['EMEA servers', 'Rotterdam', 'a'],
  hostUrl: ['https://euce1-northwind.sentinelone.net', 'acme.sentinelone.net', 'http://10.0.0.1'],
  apiToken: ['a-token-of-a-service-user', 'another-token-of-it'],
  since: ['24h', '30d', '2026-11-01T00:00:00Z'],
  from: ['2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z'],
  to: ['2026-11-02T00:00:00Z', '2026-11-25T00:00:00Z'],
  expiresAt: ['2027-11-26T00:00:00Z', '2026-99-99T99:99:99Z'],
  limit: ['1', '2', '100'],
  contentType: ['threats', 'agents'],
  contentTypes: ['threats', 'agents', 'sites', 'deep-visibility'],
  siteIds: ['1', '1873645091827364501'],
  accountIds: ['2'],
  agentIds: ['1873645091827364501'],
  groupIds: ['3'],
  actions: ['contain', 'release'],
  url: ['https://a.soar.example.com/in', 'https://example.com'],
};

function textNamed(name: string): fc.Arbitrary<string> {
  const good = fc.constantFrom(...(goodTexts[name] ?? ['northwind']));
  return fc.oneof({ arbitrary: good, weight: 6 }, { arbitrary: anyText, weight: 1 });
}

/** Mostly what the JSON schema says, now and then something else. */
function valueBy(schema: unknown, name: string): fc.Arbitrary<unknown> {
  const {
    type,
    anyOf,
    enum: choices,
    properties,
    required = [],
    items,
    additionalProperties,
  } = Object(schema);
  const named = (): fc.Arbitrary<unknown> => {
    if (Array.isArray(choices)) return fc.constantFrom(...choices);
    if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map((one) => valueBy(one, name)));
    switch (type) {
      case 'string':
        return textNamed(name);
      case 'integer':
      case 'number':
        return fc.oneof(fc.integer({ min: 1, max: 60 }), fc.double());
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(valueBy(items, name), { maxLength: 3 });
      case 'object':
        return properties === undefined
          ? fc.dictionary(fc.oneof(textNamed('contentTypes'), anyText), valueBy(additionalProperties, ''), {
              maxKeys: 2,
            })
          : fc.record(
              Object.fromEntries(Object.entries(properties).map(([part, of]) => [part, valueBy(of, part)])),
              { requiredKeys: required },
            );
      default:
        return fc.jsonValue();
    }
  };
  return fc.oneof({ arbitrary: named(), weight: 30 }, { arbitrary: fc.jsonValue(), weight: 1 });
}

const ofSchema = (schema: ObjectSchema) => valueBy(z.toJSONSchema(schema, { unrepresentable: 'any' }), '');

function bodyOf({ body, example }: Route): fc.Arbitrary<string | undefined> {
  const garbage = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom(
      '',
      ' ',
      '{',
      'null',
      '[]',
      '"',
      '1',
      '{"a":1}',
      '\u0000',
      '{"__proto__":{"admin":true}}',
    ),
    fc.json(),
  );
  if (body === undefined) return garbage;
  const changed = ofSchema(body)
    .chain((values) => fc.subarray(Object.entries(Object(values))))
    .map((some) => JSON.stringify({ ...example, ...Object.fromEntries(some) }));
  return fc.oneof(
    { arbitrary: fc.constant(JSON.stringify(example)), weight: 1 },
    { arbitrary: changed, weight: 4 },
    { arbitrary: ofSchema(body).map((value) => JSON.stringify(value)), weight: 4 },
    { arbitrary: garbage, weight: 1 },
  );
}

function queryOf({ query }: Route): fc.Arbitrary<Record<string, string[]>> {
  const garbage = fc.dictionary(anyText, fc.array(anyText, { minLength: 1, maxLength: 2 }), { maxKeys: 2 });
  if (query === undefined) return garbage;
  const parts = ofSchema(query).map((values) =>
    Object.fromEntries(
      Object.entries(Object(values)).map(([name, value]) => [
        name,
        [typeof value === 'string' ? value : `${JSON.stringify(value)}`],
      ]),
    ),
  );
  return fc.oneof({ arbitrary: parts, weight: 6 }, { arbitrary: garbage, weight: 1 });
}

function pathOf({ path }: Route): fc.Arbitrary<string> {
  const parts = path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? fc.constant(part) : textNamed(name).map(encodeURIComponent);
  });
  return fc.tuple(...parts).map((all) => all.join('/'));
}

const headersOf = fc.record(
  {
    'content-type': fc.oneof(
      { arbitrary: fc.constant(['application/json']), weight: 12 },
      { arbitrary: fc.constantFrom(['text/plain'], [''], ['application/json', 'text/html']), weight: 1 },
    ),
    'if-match': fc.constantFrom(['"1"'], ['"2"'], ['*'], ['"x'], ['"1"', '"2"']),
    'idempotency-key': fc.constantFrom(['a'], ['b'], ['c'], ['a b'], ['a', 'b']),
  },
  { requiredKeys: ['content-type'] },
);

/** @param keys how many keys the test has */
export function arbitraryCall(routes: readonly Route[], keys: number): fc.Arbitrary<ArbitraryCall> {
  return fc.constantFrom(...routes).chain((route) =>
    fc
      .record({
        path: pathOf(route),
        query: queryOf(route),
        headers: headersOf,
        body: bodyOf(route),
        key: fc.nat({ max: keys - 1 }),
      })
      .map(({ key, ...request }) => ({ key, request: { method: route.method, ...request } })),
  );
}
