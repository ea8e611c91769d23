import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import { readListPage, refuseErrors } from '../../../shared/sentinelone/envelope.ts';
import { graphqlStatus } from '../../../shared/sentinelone/graphql-status.ts';

const kind = (classification: string, message = 'no') => [{ message, extensions: { classification } }];

describe('graphqlStatus', () => {
  it.each([
    ['UNAUTHORIZED', 401],
    ['FORBIDDEN', 403],
    ['NOT_FOUND', 404],
    ['BAD_REQUEST', 400],
    ['ValidationError', 400],
    ['InvalidSyntax', 400],
    ['INTERNAL_ERROR', undefined],
    ['constructor', undefined],
  ])('knows %s', (classification, status) => {
    expect(graphqlStatus(kind(classification))).toBe(status);
    expect(graphqlStatus([{ message: 'no', extensions: { code: classification } }])).toBe(status);
  });

  it.each([
    ['Access denied', 403],
    ['Access is denied', 403],
    ['User is not authorized to see this field', 403],
    ['User does not have required permissions', 403],
    ['The cursor is not valid', 400],
    ['Something went wrong', undefined],
  ])('knows "%s" where the kind is not told', (message, status) => {
    expect(graphqlStatus([{ message }])).toBe(status);
  });

  it('takes the first error whose kind it knows, and nothing that is no error', () => {
    expect(graphqlStatus([...kind('INTERNAL_ERROR'), ...kind('FORBIDDEN')])).toBe(403);
    for (const odd of [undefined, null, 'FORBIDDEN', {}, [null, 'no', 7]])
      expect(graphqlStatus(odd)).toBeUndefined();
  });
});

describe('errors inside a success', () => {
  function refusal(errors: Parameters<typeof refuseErrors>[0]): ConnectorError {
    try {
      refuseErrors(errors, 'POST /graphql', []);
    } catch (error) {
      if (error instanceof ConnectorError) return error;
      throw error;
    }
    throw new Error('They were taken for none.');
  }

  it.each([
    ['FORBIDDEN', 'permission', false],
    ['UNAUTHORIZED', 'credentials', false],
    ['ValidationError', 'misconfigured', false],
    ['INTERNAL_ERROR', 'unavailable', true],
  ])('of the kind %s are %s', (classification, health, retryable) => {
    expect(refusal(kind(classification, 'Field x is undefined'))).toMatchObject({
      health,
      retryable,
      httpStatus: 200,
      message: expect.stringContaining('Field x is undefined'),
    });
  });

  it('with a code of the vendor are what that says', () => {
    const errors = [{ code: 5_000_010, detail: 'Access denied', title: 'Internal' }];
    expect(refusal(errors)).toMatchObject({ health: 'unavailable', vendorCode: 5_000_010 });
  });

  it('are the same in a list', () => {
    expect(() => readListPage({ data: [], errors: kind('FORBIDDEN') })).toThrow(/may not do this/);
  });
});
