import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import { readListBody, readListPage } from '../../../shared/sentinelone/envelope.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';

function failure(act: () => unknown): ConnectorError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('readListPage', () => {
  it.each([
    [
      '{"data":[{"id":"1"},null,7],"pagination":{"nextCursor":"YQ==","totalItems":9}}',
      { data: [{ id: '1' }, null, 7], nextCursor: 'YQ==', totalItems: 9 },
    ],
    ['{"data":[],"pagination":{"nextCursor":null,"totalItems":0}}', { data: [], totalItems: 0 }],
    ['{"data":[],"pagination":{"nextCursor":"","totalItems":null}}', { data: [] }],
    ['{"data":[],"pagination":{}}', { data: [] }],
    ['{"data":[],"pagination":null}', { data: [] }],
    ['{"data":[{"id":1}]}', { data: [{ id: 1 }] }],
    ['{"data":null}', { data: [] }],
    ['{"data":null,"pagination":{"nextCursor":"bg=="}}', { data: [], nextCursor: 'bg==' }],
    ['{"pagination":{"totalItems":12}}', { data: [], totalItems: 12 }],
    ['{"data":[],"pagination":{"totalItems":"12"}}', { data: [] }],
    ['{"data":[],"errors":null}', { data: [] }],
    ['{"data":[],"errors":[]}', { data: [] }],
    ['{"data":[],"errors":{}}', { data: [] }],
    [
      '{"data":{"allSites":{"totalLicenses":5},"sites":[{"id":"3"}]},"pagination":{"totalItems":1}}',
      { data: [{ id: '3' }], totalItems: 1 },
    ],
  ])('reads %s', (text, page) => {
    expect(readListPage(parseLossless(text))).toEqual(page);
  });

  it('leaves out what is not there', () => {
    expect(Object.keys(readListPage(parseLossless('{"data":null}')))).toEqual(['data']);
  });

  it.each([
    ['null', 'its body is null'],
    ['[]', 'its body is a list'],
    ['"x"', 'its body is a string'],
    ['1392053568582758390', 'its body is a number'],
    ['{}', '"data" is missing'],
    ['{"pagination":{"nextCursor":"x"}}', '"data" is missing'],
    ['{"data":{"affected":3}}', '"data" is an object'],
    ['{"data":{"sites":null}}', '"data" is an object'],
    ['{"data":"x"}', '"data" is a string'],
    ['{"data":true}', '"data" is a boolean'],
    ['{"data":[],"pagination":[]}', '"pagination" is a list'],
    ['{"data":[],"pagination":{"nextCursor":7}}', '"nextCursor" is a number'],
    ['{"data":[],"pagination":{"nextCursor":1392053568582758390}}', '"nextCursor" is a number'],
  ])('refuses %s', (text, because) => {
    expect(failure(() => readListPage(parseLossless(text), 'GET /sites'))).toMatchObject({
      code: 'response_malformed',
      health: 'unavailable',
      retryable: true,
      httpStatus: 200,
      message: expect.stringMatching(new RegExp(`^GET /sites: .*${because}`)),
    });
  });

  it.each([
    [
      '{"data":[],"errors":[{"code":4030010,"detail":"This scope does not have Custom Rules enabled."}]}',
      'custom_rules_disabled',
      4030010,
    ],
    ['{"data":null,"errors":[{"message":"field not found"}]}', 'console_error', undefined],
    ['{"data":[],"errors":"boom"}', 'console_error', undefined],
    ['{"data":[],"errors":{"code":4290010}}', 'throttled', 4290010],
  ])('fails for the errors in %s', (text, code, vendorCode) => {
    const error = failure(() => readListPage(parseLossless(text)));
    expect(error).toMatchObject({ code, vendorCode, httpStatus: 200 });
    expect(error.message).toContain('HTTP 200');
  });
});

describe('readListBody', () => {
  it('reads bytes, with a byte order mark and big numbers', () => {
    const body = Buffer.from('\uFEFF{"data":[{"n":1392053568582758390,"s":"é"}]}');
    expect(JSON.stringify(readListBody(body, 'GET /x', []))).toBe(
      '{"data":[{"n":1392053568582758390,"s":"é"}]}',
    );
  });

  it.each([
    ['HTML', Buffer.from('<html>login</html>')],
    ['text', Buffer.from('ok')],
    ['nothing', Buffer.alloc(0)],
    ['cut JSON', Buffer.from('{"data":[{"id":"1"}')],
    ['two values', Buffer.from('{"data":[]}{}')],
    ['bytes that are not UTF-8', Buffer.from([...Buffer.from('{"data":["'), 0xe9, ...Buffer.from('"]}')])],
    ['a character cut in half', Buffer.from('{"data":["é').subarray(0, 11)],
    ['JSON nested too deep', Buffer.from(`${'['.repeat(200_000)}1e400${']'.repeat(200_000)}`)],
  ])('calls %s malformed, and worth another try', (_, body) => {
    expect(failure(() => readListBody(body, 'GET /x', []))).toMatchObject({
      code: 'response_malformed',
      health: 'unavailable',
      retryable: true,
    });
  });
});
