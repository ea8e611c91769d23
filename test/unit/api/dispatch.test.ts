import { describe, expect, it, vi } from 'vitest';
import { mostBodyBytes } from '../../../shared/api/validate.ts';
import { ConnectorError } from '../../../shared/errors.ts';
import { apiWorld, goodConnector } from '../../support/api-world.ts';
import { connectorWorld } from './connector-support.ts';

describe('every answer', () => {
  it('is kept by nothing in between, and names the call', async () => {
    const { created } = await connectorWorld();
    expect(created.headers).toMatchObject({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': 'r1',
      'Content-Type': 'application/json; charset=utf-8',
    });
  });

  it('that is a problem has the form of RFC 9457', async () => {
    const world = await connectorWorld();
    const { status, headers, json } = await world.as('GET', '/v1/connectors/northwind.nothing');
    expect(status).toBe(404);
    expect(headers['Content-Type']).toBe('application/problem+json; charset=utf-8');
    expect(json).toStrictEqual({
      type: 'urn:sentinel-lake:problem:not_found',
      title: 'Not Found',
      status: 404,
      code: 'not_found',
      detail: 'There is no such connector.',
      recommendation: 'Check the id; GET the list of connectors shows those that this key may see.',
      instance: 'urn:sentinel-lake:request:r2',
    });
  });
});

describe('methods and paths', () => {
  it('that do not fit say which would, in the header as well', async () => {
    const world = apiWorld();
    const { headers } = await world.call('PURGE', '/v1/connectors/a.b');
    expect(headers['Allow']).toBe('DELETE, GET, PATCH, PUT');
    // As the document has it, although the path would do as that of a connector.
    const test = await world.call('OPTIONS', '/v1/connectors/test');
    expect(test.headers['Allow']).toBe('POST');
  });

  it.each(['/v1/connectors/', '/v1/connectors'])('takes %s for the list', async (path) => {
    const world = await connectorWorld();
    expect((await world.as('GET', path)).status).toBe(200);
  });

  it.each([
    '/v1',
    '/v1/connectors/a/b/c',
    '/v1/connectors//status',
    '/v1/%',
    '/v2/connectors',
    '//v1/connectors',
  ])('has nothing under %s', async (path) => {
    const world = apiWorld();
    const { dispatch } = await import('../../../shared/api/dispatch.ts');
    const request = {
      method: 'GET',
      path,
      query: {},
      headers: {},
      body: undefined,
      requestId: 'r',
      sourceIp: '',
    };
    const { status, body = '' } = await dispatch(request, world.dependencies);
    expect([status, JSON.parse(body).code]).toEqual([404, 'unknown_path']);
  });

  it.each([
    'northwind.emea-servers.x',
    'northwind',

    'Northwind.emea-servers',
    'northwind.emea-servers%00',
    '..%2f..',
  ])('knows no connector called %s', async (id) => {
    const world = await connectorWorld();
    expect((await world.as('GET', `/v1/connectors/${id}`)).status).toBe(404);
  });
});

describe('a body', () => {
  async function post(text: string, headers: Readonly<Record<string, string>> = {}) {
    const world = apiWorld();
    const { status, json } = await world.call('POST', '/v1/connectors', {
      key: await world.key(),
      text,
      headers,
    });
    expect(world.registry.stored.size).toBe(0);
    expect(world.logged).toEqual([]);
    return [status, json['code']];
  }

  it('that is too large is refused, counted in bytes', async () => {
    const text = (name: string) => JSON.stringify({ ...goodConnector, name });
    const room = mostBodyBytes - text('').length;
    expect(await post(text('x'.repeat(room)))).toEqual([422, 'invalid_request']);
    expect(await post(text('x'.repeat(room + 1)))).toEqual([413, 'body_too_large']);
    expect(await post(text('ü'.repeat(room - 10)))).toEqual([413, 'body_too_large']);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    '',
    'application/jsonp',
    'application/json,text/plain',
  ])('is not taken as %j', async (type) => {
    expect(await post(JSON.stringify(goodConnector), { 'content-type': type })).toEqual([
      415,
      'unsupported_media_type',
    ]);
  });

  it.each(['{', '{"a":}', "{'a':1}", '{"a":1}}', 'NaN', '\u0000'])(
    'that is not JSON is refused: %j',
    async (text) => {
      expect(await post(text)).toEqual([400, 'malformed_json']);
    },
  );

  it.each(['', ' ', '[]', '1', 'null', '"x"', '{}', '{"__proto__":{"name":"x"}}'])(
    'that is not what it must be is refused: %j',
    async (text) => {
      expect(await post(text)).toEqual([422, 'invalid_request']);
    },
  );

  it.each([
    ['lists', (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['objects', (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
  ])('of %s within each other is refused, however deep', async (_, nested) => {
    for (const depth of [40, 40_000]) {
      const body = JSON.stringify({ ...goodConnector, filters: 'HERE' });
      expect(await post(body.replace('"HERE"', `[{"a":${nested(depth)}}]`))).toEqual([
        422,
        'invalid_request',
      ]);
    }
  });
});

describe('what nobody expected', () => {
  it('is a 500 without details, and the log has them', async () => {
    const world = await connectorWorld();
    vi.spyOn(world.registry, 'get').mockRejectedValueOnce(new Error('table is on fire'));
    const { status, json, body } = await world.on('GET', '');
    expect([status, json['code'], json['instance']]).toEqual([
      500,
      'internal_error',
      'urn:sentinel-lake:request:r2',
    ]);
    expect(body).not.toContain('fire');
    expect(world.logged.join()).toContain('table is on fire');
    expect(world.logged.join()).toContain('"requestId":"r2"');
  });
});

describe('a failure of the console', () => {
  it.each([
    [503, 503, 30],
    [429, 503, 30],
    [500, 502, undefined],
    [401, 502, undefined],
    [undefined, 502, undefined],
  ])('with status %s is told as %s, and its own status beside', async (httpStatus, told, seconds) => {
    const world = await connectorWorld();
    vi.spyOn(world.services, 'testConnectivity').mockRejectedValueOnce(
      new ConnectorError({
        code: 'upstream',
        message: 'It failed.',
        health: 'unavailable',
        retryable: true,
        recommendation: 'Wait.',
        ...(httpStatus === undefined ? {} : { httpStatus }),
        ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1000 - 1 }),
      }),
    );
    const { status, json, headers } = await world.on('POST', '/test');
    expect(status).toBe(told);
    expect(json['upstreamStatus']).toBe(httpStatus);
    expect(headers['Retry-After']).toBe(seconds === undefined ? undefined : String(seconds));
    // The next test may begin.
    expect((await world.on('POST', '/test')).status).toBe(200);
  });
});

describe('POST /v1/connectors/{connectorId}/test', () => {
  it('keeps its result for the status', async () => {
    const world = await connectorWorld();
    await world.on('POST', '/test');
    const { json } = await world.on('GET', '/status');
    expect(json['lastTest']).toMatchObject({ at: '2026-11-26T09:30:00.000Z', report: { ok: true } });
  });

  it('runs once at a time', async () => {
    const world = await connectorWorld();
    const answers = await Promise.all([world.on('POST', '/test'), world.on('POST', '/test')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(answers[1]?.headers['Retry-After']).toBe('10');
  });
});
