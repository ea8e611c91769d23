import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GatewayEvent,
  requestFromEvent,
  resultFromResponse,
} from '../../../shared/lambda/gateway-event.ts';

function eventWith({
  userArn = null,
  ...given
}: Partial<GatewayEvent> & { readonly userArn?: string | null }): GatewayEvent {
  return {
    httpMethod: 'GET',
    path: '/v1/health',
    multiValueQueryStringParameters: null,
    multiValueHeaders: {},
    body: null,
    isBase64Encoded: false,
    ...given,
    requestContext: { requestId: 'request-1', identity: { sourceIp: '192.0.2.7', userArn } },
  };
}

describe('a call of API Gateway', () => {
  it('becomes a request with what the router, the schemas and the audit need', () => {
    const event = eventWith({
      httpMethod: 'POST',
      path: '/v1/connectors',
      multiValueQueryStringParameters: { tenant: ['acme'], state: ['active', 'paused'] },
      multiValueHeaders: { 'X-Api-Key': ['sl_x'], 'Content-Type': ['application/json'] },
      body: '{"name":"Zürich"}',
    });
    expect(requestFromEvent(event)).toStrictEqual({
      method: 'POST',
      path: '/v1/connectors',
      query: { tenant: ['acme'], state: ['active', 'paused'] },
      headers: { 'x-api-key': ['sl_x'], 'content-type': ['application/json'] },
      body: '{"name":"Zürich"}',
      requestId: 'request-1',
      sourceIp: '192.0.2.7',
    });
  });

  it('has no query, no headers and no body where the gateway says null', () => {
    expect(requestFromEvent(eventWith({ multiValueHeaders: null }))).toMatchObject({
      query: {},
      headers: {},
      body: undefined,
    });
  });

  it('has its body decoded where the gateway has encoded it', () => {
    const body = Buffer.from('{"name":"Zürich"}').toString('base64');
    expect(requestFromEvent(eventWith({ body, isBase64Encoded: true })).body).toBe('{"name":"Zürich"}');
  });

  it('names its signer only where there is one', () => {
    const arn = 'arn:aws:iam::111122223333:role/Soc';
    expect(requestFromEvent(eventWith({ userArn: arn })).userArn).toBe(arn);
    expect(requestFromEvent(eventWith({}))).not.toHaveProperty('userArn');
  });

  it('keeps every value of a header that came in two spellings, so that none of them wins', () => {
    const headers = { 'X-Api-Key': ['one'], 'x-api-key': ['two', 'three'] };
    expect(requestFromEvent(eventWith({ multiValueHeaders: headers })).headers).toStrictEqual({
      'x-api-key': ['one', 'two', 'three'],
    });
  });

  it('loses no parameter and no header, whatever it is called', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'),
    );
    const several = fc.array(fc.tuple(name, fc.array(fc.string(), { minLength: 1, maxLength: 3 })));
    fc.assert(
      fc.property(several, (pairs) => {
        const given = Object.fromEntries(pairs);
        const event = eventWith({ multiValueQueryStringParameters: given, multiValueHeaders: given });

        const { query, headers } = requestFromEvent(event);

        expect(new Map(Object.entries(query))).toStrictEqual(new Map(Object.entries(given)));
        const sorted = (values: readonly (readonly string[])[]) => values.flat().sort();
        expect(sorted(Object.values(headers))).toStrictEqual(sorted(Object.values(given)));
        for (const known of Object.keys(given)) expect(Object.keys(headers)).toContain(known.toLowerCase());
      }),
    );
  });
});

describe('an answer to API Gateway', () => {
  it('is its status, headers and body', () => {
    expect(
      resultFromResponse({ status: 404, headers: { 'Content-Type': 'text/x' }, body: '{}' }),
    ).toStrictEqual({
      statusCode: 404,
      headers: { 'Content-Type': 'text/x' },
      body: '{}',
    });
  });

  it('has an empty body where there is none', () => {
    expect(resultFromResponse({ status: 204, headers: {} })).toStrictEqual({
      statusCode: 204,
      headers: {},
      body: '',
    });
  });
});
