import { describe, expect, it } from 'vitest';
import { parseActionMessage } from '../../../shared/lambda/action-message.ts';
import { parseWorkMessage } from '../../../shared/lambda/work-message.ts';

const stream = { tenant: 'acme', connector: 'edr', contentType: 'threats' };
const action = { tenant: 'acme', connector: 'edr', id: '0123456789abcdef0123456789abcdef' };

describe('a work message', () => {
  it.each([
    { version: 1, stream },
    { version: 1, stream: { ...stream, part: 'p1' } },
  ])('is read: %j', (sent) => {
    expect(parseWorkMessage(JSON.stringify(sent))).toStrictEqual(sent);
  });

  it.each([
    ['no JSON', '{', 'The message on the work queue is not JSON.'],
    ['another version', JSON.stringify({ version: 2, stream }), 'is no work message: check version.'],
    ['an action', JSON.stringify({ version: 1, action }), 'is no work message: check stream.'],
    [
      'a name that stands for something else in a key',
      JSON.stringify({ version: 1, stream: { ...stream, tenant: 'a/b' } }),
      'is no work message: check stream.tenant.',
    ],
    ['a bare value', '7', 'is no work message: check body.'],
  ])('is refused where it is %s', (_what, body, problem) => {
    expect(() => parseWorkMessage(body)).toThrow(problem);
  });
});

describe('an action message', () => {
  it('is read', () => {
    expect(parseActionMessage(JSON.stringify({ version: 1, action }))).toStrictEqual({ version: 1, action });
  });

  it.each([
    ['no JSON', '', 'The message on the action queue is not JSON.'],
    ['another version', JSON.stringify({ version: 2, action }), 'is no action message: check version.'],
    ['a stream', JSON.stringify({ version: 1, stream }), 'is no action message: check action.'],
    [
      'an action without its id, of a connector that is none',
      JSON.stringify({ version: 1, action: { tenant: 'acme', connector: 'e#r' } }),
      'is no action message: check action.connector, action.id.',
    ],
  ])('is refused where it is %s', (_what, body, problem) => {
    expect(() => parseActionMessage(body)).toThrow(problem);
  });
});
