import { describe, expect, it } from 'vitest';
import { apiWorld, goodConnector } from '../../support/api-world.ts';
import { connectorWorld } from './connector-support.ts';

const condition = { field: 'a', operator: 'equals', value: 'b' };
const filter = { name: 'f', action: 'exclude', conditions: [condition] };

/** The field that is named, and values that it cannot have. `undefined` leaves it out. */
const badValues: readonly (readonly [string, readonly object[]])[] = [
  [
    'name',
    [undefined, null, 1, '', ' ', 'x'.repeat(65), 'Zürich', 'a\nb', 'a\u0000b', ['a'], { a: 1 }].map(
      (name) => ({
        name,
      }),
    ),
  ],
  [
    'tenant',
    [
      undefined,
      null,
      1,
      '',
      'Acme',
      'a b',
      'a.b',
      'a/b',
      '-a',
      'a-',
      'ä',
      '../a',
      'x'.repeat(64),
      '_installation',
    ].map((tenant) => ({ tenant })),
  ],
  ['tenantName', [null, 1, '', 'x'.repeat(129)].map((tenantName) => ({ tenantName }))],
  ['hostUrl', [undefined, null, 1, '', 'x'.repeat(2049)].map((hostUrl) => ({ hostUrl }))],
  [
    'apiToken',
    [
      undefined,
      null,
      1,
      '',
      'short',
      'has a space',
      'has\na line break',
      'hätte-umlaute',
      'x'.repeat(8193),
    ].map((apiToken) => ({ apiToken })),
  ],
  [
    'functions',
    [null, [], 'collect', ['collect', 'collect', 'respond'], {}].map((functions) => ({ functions })),
  ],
  ['functions[0]', [['sing'], [1], [null]].map((functions) => ({ functions }))],
  [
    'contentTypes',
    [null, [], 'some', 1, {}, Array(101).fill('threats')].map((contentTypes) => ({ contentTypes })),
  ],
  [
    'contentTypes[0]',
    [['nothing'], ['constructor'], ['__proto__'], ['THREATS']].map((contentTypes) => ({ contentTypes })),
  ],
  ['intervalMinutes', [null, 0, -1, 1.5, 1441, '5', 1e300].map((intervalMinutes) => ({ intervalMinutes }))],
  [
    'since',
    [
      null,
      1,
      '',
      'yesterday',
      '24',
      '-1h',
      '1w',
      '2026-13-01',
      '2026-11-27T00:00:00Z',
      '99999999d',
      '0001-01-01',
      '24h ',
      'x'.repeat(41),
    ].map((since) => ({ since })),
  ],
  ['siteIds', [null, '1', Array(1001).fill('1')].map((siteIds) => ({ siteIds }))],
  [
    'siteIds[1]',
    [
      ['1', 'x'],
      ['1', ''],
      ['1', 2],
      ['1', '-1'],
      ['1', '1'.repeat(21)],
    ].map((siteIds) => ({ siteIds })),
  ],
  ['accountIds[0]', [['x'], [1], ['1,2']].map((accountIds) => ({ accountIds }))],
  ['filters', [null, {}, 'x', Array(51).fill(filter)].map((filters) => ({ filters }))],
  ['filters[0]', [[1], ['x'], [null]].map((filters) => ({ filters }))],
  ['filters[0].action', [{ filters: [{ ...filter, action: 'drop' }] }]],
  ['filters[0].conditions', [{ filters: [{ ...filter, conditions: [] }] }]],
  [
    'filters[0].conditions[0].operator',
    [{ filters: [{ ...filter, conditions: [{ ...condition, operator: '~' }] }] }],
  ],
  ['filters[1].name', [{ filters: [filter, filter] }]],
  ['options', [null, [], 'x', 1].map((options) => ({ options }))],
  ['options.nothing', [{ options: { nothing: { a: 1 } } }]],
  ['options.constructor', [{ options: { constructor: { a: 1 } } }]],
  ['options.threats', [{ options: { threats: 1 } }]],
  ['options.threats.colour', [{ options: { threats: { colour: 'red' } } }]],
  ['options.threats.intervalMinutes', [{ options: { threats: { intervalMinutes: 0 } } }]],
  ['options.vulnerabilities.source', [{ options: { vulnerabilities: { source: 'nowhere' } } }]],
  ['colour', [{ colour: 'red' }]],
  ['id', [{ id: 'northwind.mine' }]],
];

describe.each(badValues)('a connector with a bad %s', (field, all) => {
  it.each(all.map((changes) => [JSON.stringify(changes).slice(0, 80), changes] as const))(
    'is refused, says so, and leaves nothing: %s',
    async (_, changes) => {
      const world = apiWorld();
      const key = await world.key();
      for (const path of ['/v1/connectors', '/v1/connectors/test']) {
        const { status, json } = await world.call('POST', path, {
          key,
          body: { ...goodConnector, ...changes },
        });
        expect([path, status, json['code']]).toEqual([path, 422, 'invalid_request']);
        const fields = Object(json['fields']) as { field: string; message: string; recommendation: string }[];
        expect(fields.map((one) => one.field)).toContain(field);
        for (const { message, recommendation } of fields) {
          expect(message).toMatch(/\.$/);
          expect(recommendation).not.toBe('');
        }
        expect(json['field']).toBe(fields[0]?.field);
      }
      expect([world.registry.stored.size, world.registry.names.size, world.secrets.values.size]).toEqual([
        0, 0, 0,
      ]);
      expect([world.streams.rows.size, world.queue.sent.length]).toEqual([0, 0]);
    },
  );
});

it('tells everything that is wrong at once', async () => {
  const world = apiWorld();
  const { json } = await world.call('POST', '/v1/connectors', {
    key: await world.key(),
    body: { ...goodConnector, name: 'ü', hostUrl: 'http://10.0.0.1', since: 'never', siteIds: ['x'] },
  });
  const fields = Object(json['fields']).map(({ field }: { field: string }) => field);
  expect(fields).toStrictEqual(['name', 'hostUrl', 'since', 'siteIds[0]']);
});

it('never repeats a token that has the wrong form, or stands in the wrong field', async () => {
  const world = apiWorld();
  const key = await world.key();
  const apiToken = 'eyJhbGciOiJSUzI1NiJ9 with-a-space';
  for (const changes of [
    { apiToken },
    { hostUrl: `https://admin:${apiToken}@x.sentinelone.net` },
    { siteIds: [apiToken] },
  ]) {
    const { status, body } = await world.call('POST', '/v1/connectors', {
      key,
      body: { ...goodConnector, ...changes },
    });
    expect(status).toBe(422);
    expect(body).not.toContain('eyJhbGci');
  }
});

it('takes what JSON editors make of options: numbers and objects are texts afterwards', async () => {
  const { created } = await connectorWorld({ options: { threats: { intervalMinutes: 7 } } });
  expect(created.json['options']).toStrictEqual({ threats: { intervalMinutes: '7' } });
});
