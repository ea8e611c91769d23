import { describe, expect, it } from 'vitest';
import { failedStatus, newStatus, workedStatus } from '../../../shared/engine/status.ts';
import { ConnectorError } from '../../../shared/errors.ts';

const error = (health: 'unavailable' | 'throttled', httpStatus: number) =>
  new ConnectorError({
    code: 'x',
    message: 'No.',
    health,
    retryable: true,
    recommendation: 'Wait.',
    httpStatus,
  });
const down = error('unavailable', 503);
const slow = error('throttled', 429);

describe('the status of a stream', () => {
  it('says since when the trouble lasts, and begins anew with every other trouble', () => {
    const first = failedStatus(newStatus(0), down, { now: 10, failures: 1, nextTryAt: 20 });
    const second = failedStatus(first, down, { now: 20, failures: 2, nextTryAt: 40 });
    const third = failedStatus(second, slow, { now: 40, failures: 3, nextTryAt: 80 });
    expect([first.since, second.since, third.since]).toStrictEqual([10, 10, 40]);
    expect(second).toStrictEqual({
      health: 'unavailable',
      since: 10,
      at: 20,
      failures: 2,
      code: 'x',
      httpStatus: 503,
      message: 'No.',
      recommendation: 'Wait.',
      nextTryAt: 40,
    });
  });

  it('counts trouble from the last slice that got something done', () => {
    const before = failedStatus(newStatus(0), down, { now: 10, failures: 1, nextTryAt: 20 });
    // That slice committed a batch before the console failed again, so its failure is a first one.
    expect(failedStatus(before, down, { now: 500, failures: 1, nextTryAt: 510 }).since).toBe(500);
  });

  it('forgets the trouble when it is over and remembers the last success through the next one', () => {
    const failed = failedStatus(newStatus(0), down, { now: 10, failures: 1, nextTryAt: 20 });
    const worked = workedStatus(failed, 'ok', 30);
    expect(worked).toStrictEqual({ health: 'ok', since: 30, at: 30, lastSuccessAt: 30, failures: 0 });
    expect(workedStatus(worked, 'ok', 60)).toMatchObject({ since: 30, at: 60, lastSuccessAt: 60 });
    expect(failedStatus(worked, slow, { now: 70, failures: 1, nextTryAt: 80 })).toMatchObject({
      lastSuccessAt: 30,
    });
  });
});
