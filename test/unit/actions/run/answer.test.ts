import { describe, expect, it } from 'vitest';
import {
  acceptanceOf,
  callFailure,
  countedAcceptance,
  refusal,
} from '../../../../shared/actions/run/answer.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import { agentSubject, typeOf } from './fixtures.ts';

function failure(code: string, httpStatus?: number, health: ConnectorError['health'] = 'unavailable') {
  return new ConnectorError({
    ...{ code, message: `${code}.`, health, retryable: true, recommendation: 'Wait.' },
    ...(httpStatus === undefined ? {} : { httpStatus }),
  });
}

describe('callFailure', () => {
  it.each([
    ['paused', undefined],
    ['rate_limit_taken', undefined],
    ['connection_refused', undefined],
    ['name_not_resolved', undefined],
    ['certificate_refused', undefined],
    ['throttled', 429],
  ])('%s %s: it was not sent', (code, status) => {
    expect(callFailure(failure(code, status))).toBe('not_sent');
  });

  it.each([301, 400, 401, 403, 404, 409, 413, 422, 501])('%s: the console has said no', (status) => {
    expect(callFailure(failure('some', status))).toBe('refused');
  });

  it.each([
    ['timeout', undefined],
    ['connection_reset', undefined],
    ['something_new', undefined],
    ['request_timeout', 408],
    ['internal', 500],
    ['bad_gateway', 502],
    ['unavailable', 503],
    ['gateway_timeout', 504],
    ['response_cut', 200],
    ['malformed', 204],
  ])('%s %s: nobody knows', (code, status) => {
    expect(callFailure(failure(code, status))).toBe('unanswered');
  });

  it('a host that we must not talk to was not talked to, unless it has answered', () => {
    expect(callFailure(failure('host_refused', undefined, 'host'))).toBe('not_sent');
    expect(callFailure(failure('not_a_console', 200, 'host'))).toBe('unanswered');
  });
});

describe('refusal', () => {
  it('names the permission where it is that', () => {
    expect(refusal(failure('permission', 403), typeOf('contain'))).toMatchObject({
      code: 'not_permitted',
      recommendation: expect.stringContaining('Endpoints.disconnectFromNetwork'),
    });
  });

  it('tells what the console has said otherwise', () => {
    expect(refusal(failure('bad_request', 400), typeOf('contain'))).toStrictEqual({
      ...{ code: 'bad_request', message: 'The console refused it: bad_request.', recommendation: 'Wait.' },
    });
  });
});

describe('countedAcceptance', () => {
  const subjects = [agentSubject('1'), agentSubject('2')];
  const kinds = (answer: unknown) =>
    [...countedAcceptance({ data: { affected: answer } } as never, subjects).values()].map(
      ({ kind }) => kind,
    );

  it('knows all or nothing from a count, and nothing of any from a part', () => {
    expect(kinds(2)).toStrictEqual(['accepted', 'accepted']);
    expect(kinds(3)).toStrictEqual(['accepted', 'accepted']);
    expect(kinds(0)).toStrictEqual(['refused', 'refused']);
    expect(kinds(1)).toStrictEqual(['unknown', 'unknown']);
    expect(kinds('2')).toStrictEqual(['unknown', 'unknown']);
    expect(kinds(undefined)).toStrictEqual(['unknown', 'unknown']);
  });

  it.each([[undefined], [null], [[]], ['text'], [{ data: null }]])('knows nothing from %j', (answer) => {
    const acceptance = acceptanceOf(typeOf('contain'), answer as never, subjects);
    expect([...acceptance.values()]).toStrictEqual([{ kind: 'unknown' }, { kind: 'unknown' }]);
  });
});
