import { describe, expect, it } from 'vitest';
import { errorFromResponse } from '../../../shared/sentinelone/error-from-response.ts';
import { errorTable } from '../../../shared/sentinelone/error-table.ts';

const now = Date.UTC(2026, 10, 24, 12);

function errorOf(status: number, body: unknown, options: { retryAfter?: string; secrets?: string[] } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const failed = { request: 'GET /threats', status, retryAfter: options.retryAfter, body: Buffer.from(text) };
  return errorFromResponse(failed, { now, secrets: options.secrets ?? [] });
}

const vendor = (code: number, detail: string | null, title = 'Some Error') => ({
  errors: [{ code, detail, title }],
});

const html = (text: string) =>
  `<!DOCTYPE html>\r\n<html><head><title>${text}</title></head><body>${text}</body></html>`;

describe('errorFromResponse: what the console said', () => {
  it.each([
    [400, vendor(4000010, 'limit: Must be between 1 and 1000.'), 'request_refused', 'misconfigured', false],
    [400, vendor(4000010, 'Invalid cursor value received'), 'cursor_refused', 'unavailable', true],
    [400, vendor(4000010, "dict_values(['x']): Unknown field"), 'unknown_parameter', 'misconfigured', false],
    [
      400,
      vendor(4000010, "dict_values(['cursor']): Unknown field"),
      'unknown_parameter',
      'misconfigured',
      false,
    ],
    [400, "dict_values(['x']): Unknown field", 'unknown_parameter', 'misconfigured', false],
    [400, vendor(4000010, 'Data is retained for 14 days'), 'outside_retention', 'misconfigured', false],
    [
      400,
      vendor(4000010, 'accountIds: Missing data for required field.'),
      'scope_filter_missing',
      'misconfigured',
      false,
    ],
    [400, vendor(4000010, 'siteIds: Not a valid list.'), 'request_refused', 'misconfigured', false],
    [400, vendor(4000030, 'Already exists'), 'already_exists', 'misconfigured', false],
    [400, vendor(4000040, 'bad query'), 'query_refused', 'misconfigured', false],
    [400, { message: 'bad', status: 'error/client/badParam' }, 'request_refused', 'misconfigured', false],
    [401, vendor(4010010, null, 'Authentication Failed'), 'token_refused', 'credentials', false],
    [401, html('401'), 'token_refused', 'credentials', false],
    [401, '', 'token_refused', 'credentials', false],
    [403, vendor(4030010, null, 'Insufficient permissions'), 'permission_missing', 'permission', false],
    [
      403,
      vendor(4030010, 'User does not have required permissions'),
      'permission_missing',
      'permission',
      false,
    ],
    [403, vendor(4030010, 'Action is not allowed to site users'), 'site_scope_refused', 'permission', false],
    [
      403,
      vendor(4030010, 'This scope does not have Custom Rules enabled.'),
      'custom_rules_disabled',
      'licence',
      false,
    ],
    [
      403,
      vendor(4030010, 'Feature Ranger is not available for the scope'),
      'licence_missing',
      'licence',
      false,
    ],
    [403, vendor(4030010, 'Your license does not cover this'), 'licence_missing', 'licence', false],
    [
      403,
      vendor(4030010, 'User scope level is account. Please provide a valid account ID or site ID.'),
      'scope_filter_missing',
      'misconfigured',
      false,
    ],
    [403, html('403 Forbidden'), 'access_blocked', 'permission', false],
    [403, '', 'permission_missing', 'permission', false],
    [404, vendor(4040010, 'Requested resource was not found'), 'not_found', 'retired', false],
    [404, { code: 4040010, detail: null, title: 'Resource not found' }, 'not_found', 'retired', false],
    [404, '404 page not found', 'endpoint_missing', 'retired', false],
    [404, html('404'), 'page_not_found', 'misconfigured', false],
    [404, { timestamp: 1, status: 404, error: 'Not Found', path: '/x' }, 'not_found', 'retired', false],
    [410, 'Gone', 'not_supported', 'retired', false],
    [405, vendor(4050010, 'no'), 'request_refused', 'misconfigured', false],
    [408, '', 'console_timeout', 'unavailable', true],
    [409, vendor(4090010, 'policy'), 'conflict', 'misconfigured', false],
    [418, 'teapot', 'request_refused', 'misconfigured', false],
    [429, html('429 Too Many Requests'), 'throttled', 'throttled', true],
    [429, { data: null, pagination: null, ...vendor(4290010, 'throttled') }, 'throttled', 'throttled', true],
    [429, '', 'throttled', 'throttled', true],
    [500, vendor(5000010, 'Server could not process the request.'), 'console_error', 'unavailable', true],
    [500, { error: 'boom' }, 'console_error', 'unavailable', true],
    [501, vendor(5010010, 'Not supported'), 'not_supported', 'retired', false],
    [502, 'Bad Gateway', 'bad_gateway', 'unavailable', true],
    [503, html('503 Service Temporarily Unavailable'), 'console_unavailable', 'unavailable', true],
    [503, vendor(5030010, 'maintenance'), 'console_unavailable', 'unavailable', true],
    [504, html('504'), 'gateway_timeout', 'unavailable', true],
    [521, html('521'), 'console_error', 'unavailable', true],
    [199, '', 'unexpected_status', 'host', false],
    [600, '', 'unexpected_status', 'host', false],
  ])('%i %j is %s', (status, body, code, health, retryable) => {
    const error = errorOf(status, body);
    expect(error).toMatchObject({ code, health, retryable, httpStatus: status });
    expect(error.message).toContain(`HTTP ${status}`);
    expect(error.recommendation).toMatch(/\.$/);
  });

  it('calls only 429 throttling', () => {
    const statuses = Array.from({ length: 200 }, (_, index) => 400 + index);
    expect(statuses.filter((status) => errorOf(status, '').health === 'throttled')).toEqual([429]);
  });
});

describe('errorFromResponse: every status with every shape of body', () => {
  const leak = 'body-marker';
  const shapes: Record<string, { readonly body: string; readonly quoted: boolean; readonly code?: number }> =
    {
      envelope: {
        body: `{"errors":[{"code":4990010,"title":"T","detail":"${leak}"}]}`,
        quoted: true,
        code: 4990010,
      },
      'envelope with data': {
        body: `{"data":null,"pagination":null,"errors":[{"code":499,"detail":"${leak}"}]}`,
        quoted: true,
      },
      'code as a text': {
        body: `{"errors":[{"code":"4990010","detail":"${leak}"}]}`,
        quoted: true,
        code: 4990010,
      },
      'list of texts': { body: `{"errors":["${leak}"]}`, quoted: true },
      'errors is a text': { body: `{"errors":"${leak}"}`, quoted: true },
      'errors is empty': { body: `{"errors":[],"other":"${leak}"}`, quoted: false },
      bare: { body: `{"code":4990010,"title":"${leak}","detail":null}`, quoted: true, code: 4990010 },
      'error is a text': { body: `{"error":"${leak}"}`, quoted: true },
      'error is an object': { body: `{"error":{"code":7,"message":"${leak}"}}`, quoted: true },
      spring: { body: `{"timestamp":"x","status":500,"error":"${leak}","path":"/p"}`, quoted: true },
      'message and status': { body: `{"message":"${leak}","status":"error/client/badParam"}`, quoted: true },
      'a JSON text': { body: `"${leak}"`, quoted: true },
      'a JSON list': { body: `["${leak}"]`, quoted: false },
      'null in the list': { body: '{"errors":[null]}', quoted: false },
      'null detail and title': {
        body: '{"errors":[{"code":4990010,"detail":null,"title":null}]}',
        quoted: false,
        code: 4990010,
      },
      html: { body: html(leak), quoted: false },
      'html without a doctype': { body: `\n <HTML>${leak}`, quoted: false },
      text: { body: leak, quoted: false },
      empty: { body: '', quoted: false },
      'cut JSON': { body: `{"errors":[{"code":4990010,"detail":"${leak}`, quoted: false },
    };
  const statuses = [400, 401, 403, 404, 409, 429, 500, 501, 502, 503, 504, 418, 520];

  it.each(statuses.flatMap((status) => Object.keys(shapes).map((shape) => [status, shape] as const)))(
    '%i, %s',
    (status, shape) => {
      const { body = '', quoted, code } = shapes[shape] ?? {};
      const error = errorOf(status, body);
      expect(error.httpStatus).toBe(status);
      expect(error.vendorCode).toBe(code);
      expect(error.message.includes(leak)).toBe(quoted);
      expect(error.message).not.toMatch(/[\r\n<>{}]/);
    },
  );

  it('is not confused by bytes that are no text', () => {
    const failed = { request: 'GET /threats', status: 502, body: Buffer.from([0xff, 0xfe, 0x00, 0x80]) };
    expect(errorFromResponse(failed, { now, secrets: [] })).toMatchObject({
      code: 'bad_gateway',
      httpStatus: 502,
    });
  });
});

describe('errorFromResponse: the message', () => {
  it("is one line: what was asked, our sentence, the numbers, the vendor's words", () => {
    const error = errorOf(400, vendor(4000010, 'limit:\n\tMust be  between 1 and 1000.', 'Validation Error'));
    expect(error.message).toBe(
      'GET /threats: the console refused a value in the request (HTTP 400, code 4000010): Validation Error: limit: Must be between 1 and 1000.',
    );
  });

  it('tells several errors, each once', () => {
    const errors = ['a', 'b', 'b', 'c'].map((detail) => ({ code: 4000010, detail, title: null }));
    expect(errorOf(400, { errors }).message).toMatch(/\): a; b$/);
  });

  it("quotes at most 200 characters of the vendor's", () => {
    const error = errorOf(400, vendor(4000010, 'word '.repeat(500), ''));
    expect(error.message.split('): ')[1]).toHaveLength(200);
  });

  it('masks what could be a token, also one that would be cut in half', () => {
    const token = `${'A1b2'.repeat(20)}`;
    const error = errorOf(400, vendor(4000010, `${'x '.repeat(90)}${token}`, ''));
    expect(error.message).not.toContain('A1b2A1b2');
    expect(errorOf(400, vendor(4000010, 'got pass-1 in'), { secrets: ['pass-1'] }).message).not.toContain(
      'pass-1',
    );
  });
});

describe('errorFromResponse: Retry-After', () => {
  it.each([
    [429, '7', 7000],
    [429, 'Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    [503, '120', 120_000],
    [429, undefined, undefined],
    [429, 'soon', undefined],
    [403, '7', undefined],
  ])('%i with %j waits %j ms', (status, retryAfter, retryAfterMs) => {
    const error = errorOf(status, '', retryAfter === undefined ? {} : { retryAfter });
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });
});

describe('errorTable', () => {
  it('ends with rows that cover every status, and says the same code with the same health', () => {
    const health = new Map<string, string>();
    for (const row of errorTable) {
      expect(health.get(row.code) ?? row.health).toBe(row.health);
      health.set(row.code, row.health);
      expect(row.code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(row.sentence).not.toMatch(/\.$/);
    }
    for (let status = 100; status <= 999; status += 1) expect(errorOf(status, '').httpStatus).toBe(status);
  });
});
