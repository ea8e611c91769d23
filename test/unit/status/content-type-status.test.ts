import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newStream } from '../../../shared/engine/new-stream.ts';
import { failedStatus } from '../../../shared/engine/status.ts';
import type { Stream } from '../../../shared/engine/stream.ts';
import { ConnectorError, type ConnectorErrorDetails } from '../../../shared/errors.ts';
import { contentTypeStatus } from '../../../shared/status/content-type-status.ts';
import { states } from '../../../shared/status/state.ts';

const now = Date.parse('2026-11-26T09:30:00Z');
const minute = 60_000;
const settleMs = 2 * minute;
const intervalMs = 5 * minute;
/** Two intervals, the time to settle, and the patience that a claim needs. */
const tolerated = settleMs + 2 * intervalMs + 20 * minute;

function streamWith(change: Partial<Stream>): Stream {
  const id = { tenant: 'acme', connector: 'edr', contentType: 'threats' };
  const settings = { tenantName: 'Acme', connectorName: 'EDR', intervalMs, siteIds: [], accountIds: [] };
  const start = { since: now - 86_400_000, settings, nextDueAt: now + minute, now: now - 10 * minute };
  return { ...newStream(id, start), fence: 1, watermark: now - settleMs, ...change };
}
const statusOf = (change: Partial<Stream>, at = now) => contentTypeStatus(streamWith(change), settleMs, at);

const failure = (health: ConnectorErrorDetails['health'], httpStatus?: number) =>
  failedStatus(
    { health: 'ok', since: 0, at: 0, failures: 0, lastSuccessAt: now - 90 * minute },
    new ConnectorError({
      code: `code_of_${health}`,
      message: 'It failed.',
      health,
      retryable: true,
      recommendation: 'Do something.',
      ...(httpStatus === undefined ? {} : { httpStatus }),
    }),
    { now: now - minute, failures: 3, nextTryAt: now + minute },
  );

describe('the state of a content type', () => {
  it('is ok where the last slice worked and the watermark is near', () => {
    const status = { health: 'ok', since: 5, at: now, failures: 0, lastSuccessAt: now - 1 } as const;
    expect(statusOf({ status })).toMatchObject({
      contentType: 'threats',
      state: 'ok',
      since: 5,
      watermark: now - settleMs,
      lagMs: settleMs,
      lastSuccessAt: now - 1,
      records: 0,
      filtered: 0,
      windows: 0,
      throttled: 0,
      nextRunAt: now + minute,
    });
    expect(statusOf({ status })).not.toHaveProperty('error');
  });

  it('is starting until somebody has worked on it', () => {
    expect(statusOf({ fence: 0, watermark: now - 86_400_000 })).toMatchObject({
      state: 'starting',
      since: now - 10 * minute,
    });
  });

  it('is not starting for ever: the fan-out moves the due time, whether a worker lives or not', () => {
    const since = now - 20 * minute;
    const never = { fence: 0, settings: { ...streamWith({}).settings, intervalMs: 1_440 * minute } };
    const status = { health: 'ok', since, at: since, failures: 0 } as const;
    expect(statusOf({ ...never, status })).toMatchObject({ state: 'starting' });
    const late = { ...status, since: since - 1, at: since - 1 };
    expect(statusOf({ ...never, status: late })).toMatchObject({
      state: 'behind',
      since: now - 1,
      error: { code: 'not_worked_on', message: expect.stringContaining('2026-11-26T09:09:59.999Z') },
    });
  });

  it('is behind where no worker has left a word for an interval and 20 minutes, whatever the last one was', () => {
    const at = now - intervalMs - 20 * minute;
    const ok = { health: 'ok', since: 5, at, failures: 0 } as const;
    expect(statusOf({ status: ok })).toMatchObject({ state: 'ok' });
    for (const status of [ok, { ...failure('permission', 403), lastSuccessAt: 1, nextTryAt: at }])
      expect(statusOf({ status: { ...status, at: at - 1 } })).toMatchObject({
        state: 'behind',
        since: now - 1,
        error: { code: 'not_worked_on', recommendation: expect.stringContaining('worker') },
      });
  });

  it('is what it says while that is planned: a wait of a day, a word of today on an older notice, a slice under way', () => {
    const at = now - 600 * minute;
    const waiting = { ...failure('throttled', 429), at, nextTryAt: now + 1_440 * minute };
    expect(statusOf({ status: waiting, nextDueAt: now + 1_440 * minute })).toMatchObject({
      state: 'throttled',
    });
    const ok = { health: 'ok', since: 5, at, failures: 0 } as const;
    expect(statusOf({ status: { ...ok, lastSuccessAt: now - minute } })).toMatchObject({ state: 'ok' });
    expect(statusOf({ status: ok, leaseUntil: now + 1 })).toMatchObject({ state: 'ok' });
    const daily = { ...streamWith({}).settings, intervalMs: 1_440 * minute };
    expect(statusOf({ status: ok, settings: daily, nextDueAt: now + 840 * minute })).toMatchObject({
      state: 'ok',
    });
  });

  it('is paused whatever happened before, without a next run', () => {
    const status = statusOf({ pausedAt: 7, status: failure('credentials', 401), nextDueAt: 1 });
    expect(status).toMatchObject({ state: 'paused', since: 7 });
    expect(status).not.toHaveProperty('nextRunAt');
    expect(status).not.toHaveProperty('error');
  });

  it.each([
    ['credentials', 401],
    ['host', undefined],
    ['misconfigured', 400],
    ['internal', undefined],
    ['unavailable', 503],
    ['permission', 403],
    ['throttled', 429],
    ['retired', 404],
    ['licence', 403],
  ] as const)('is %s where the last slice said so, with what to do', (health, httpStatus) => {
    expect(statusOf({ status: failure(health, httpStatus) })).toMatchObject({
      state: health,
      since: now - minute,
      lastSuccessAt: now - 90 * minute,
      error: {
        code: `code_of_${health}`,
        message: 'It failed.',
        recommendation: 'Do something.',
        failures: 3,
        ...(httpStatus === undefined ? {} : { httpStatus }),
      },
    });
  });

  it('is behind where the last slice said so', () => {
    const status = { health: 'behind', since: 9, at: now, failures: 0 } as const;
    expect(statusOf({ status })).toMatchObject({ state: 'behind', since: 9 });
  });

  it('is behind from the moment on that the watermark is too old, to the millisecond', () => {
    const watermark = now - tolerated;
    expect(statusOf({ watermark })).toMatchObject({ state: 'ok' });
    expect(statusOf({ watermark: watermark - 1 })).toMatchObject({ state: 'behind', since: now - 1 });
  });

  it('is behind where nobody has taken it for 20 minutes, and says where to look', () => {
    const nextDueAt = now - 20 * minute;
    expect(statusOf({ nextDueAt })).toMatchObject({ state: 'ok', nextRunAt: now });
    for (const status of [failure('credentials', 401), streamWith({}).status])
      expect(statusOf({ nextDueAt: nextDueAt - 1, status })).toMatchObject({
        state: 'behind',
        since: now - 1,
        error: { code: 'not_worked_on', recommendation: expect.stringContaining('fan-out') },
      });
  });

  it('shows a notice of a stream that works', () => {
    const status = { health: 'ok', since: 1, at: now, failures: 0, code: 'more', message: 'm' } as const;
    expect(statusOf({ status })).toMatchObject({
      state: 'ok',
      error: { code: 'more', message: 'm', recommendation: '', failures: 0 },
    });
  });

  it('has counts, what was filtered, and how far the newest data is in the lake', () => {
    const totals = {
      records: 10,
      filtered: 3,
      filteredBy: { lab: 3 },
      batches: 1,
      windows: 2,
      throttled: 4,
    };
    expect(statusOf({ totals, ahead: { from: 1, to: now - 1 } })).toMatchObject({
      records: 10,
      filtered: 3,
      filteredBy: { lab: 3 },
      windows: 2,
      throttled: 4,
      newDataUntil: now - 1,
    });
  });

  it('has no next run while somebody works on it', () => {
    const leaseUntil = now + minute;
    expect(statusOf({ leaseUntil, nextDueAt: leaseUntil })).not.toHaveProperty('nextRunAt');
    expect(statusOf({ leaseUntil: now, nextDueAt: now })).toHaveProperty('nextRunAt', now);
  });

  it('is one of the list, never since tomorrow, and with a lag that is none below zero', () => {
    const health = fc.constantFrom('ok', 'behind', 'throttled', 'credentials', 'internal');
    const time = fc.integer({ min: now - 200 * minute, max: now + 200 * minute });
    fc.assert(
      fc.property(
        health,
        time,
        time,
        fc.nat({ max: 2 }),
        fc.option(time),
        (of, nextDueAt, watermark, fence, paused) => {
          const status = { health: of, since: now - minute, at: now, failures: 0 };
          const pausedAt = paused === null ? {} : { pausedAt: Math.min(paused, now) };
          const told = statusOf({ status, nextDueAt, watermark, fence, ...pausedAt });
          expect(states).toContain(told.state);
          expect(told.since).toBeLessThanOrEqual(now);
          expect(told.lagMs).toBeGreaterThanOrEqual(0);
          if (told.nextRunAt !== undefined) expect(told.nextRunAt).toBeGreaterThanOrEqual(now);
        },
      ),
    );
  });
});
