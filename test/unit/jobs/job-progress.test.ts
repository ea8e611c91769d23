import { describe, expect, it } from 'vitest';
import { newStream } from '../../../shared/engine/new-stream.ts';
import type { Stream } from '../../../shared/engine/stream.ts';
import type { BackfillSpan, Job } from '../../../shared/jobs/backfill.ts';
import { jobStatus } from '../../../shared/jobs/job-progress.ts';

const spans: readonly BackfillSpan[] = [
  { part: 'b1', from: 0, to: 100 },
  { part: 'b2', from: 100, to: 200 },
];

function streamOf(part: string, change: Partial<Stream> = {}): Stream {
  const span = spans.find((one) => one.part === part);
  if (span === undefined) throw new Error(`There is no span ${part}.`);
  const id = { tenant: 'acme', connector: 'edr', contentType: 'threats', part };
  const settings = { tenantName: 'Acme', connectorName: 'EDR', intervalMs: 1, siteIds: [], accountIds: [] };
  const start = { since: span.from, settings: { ...settings, until: span.to }, nextDueAt: 0, now: 0 };
  return { ...newStream(id, start), ...change };
}

function statusOf(job: Partial<Job>, streams: readonly Stream[]) {
  const whole: Job = {
    id: 'j1',
    contentTypes: ['threats'],
    from: 0,
    to: 200,
    createdAt: 0,
    createdBy: 'key:test',
    ...job,
  };
  const status = jobStatus(whole, { version: 1, spans: { threats: spans }, jobs: [whole] }, streams);
  return { state: status.state, done: status.contentTypes[0]?.done };
}

describe('how far a job is', () => {
  it('is the part of its time that is in the lake', () => {
    const streams = [streamOf('b1', { watermark: 50 }), streamOf('b2')];
    expect(statusOf({}, streams)).toStrictEqual({ state: 'running', done: 0.25 });
  });

  it('counts nothing of its streams that was asked for by others only', () => {
    expect(statusOf({ from: 50, to: 100 }, [streamOf('b1', { watermark: 50 })]).done).toBe(0);
    expect(statusOf({ from: 50, to: 150 }, [streamOf('b1', { watermark: 75 }), streamOf('b2')]).done).toBe(
      0.25,
    );
    const streams = [streamOf('b1', { watermark: 70 })];
    expect(statusOf({ from: 20, to: 60 }, streams)).toStrictEqual({ state: 'done', done: 1 });
  });
});

describe('the state of a job', () => {
  const paused = { pausedAt: 5 };

  it('is paused where nobody works on what is left of it', () => {
    expect(statusOf({}, [streamOf('b1', { watermark: 100 }), streamOf('b2', paused)]).state).toBe('paused');
    expect(statusOf({}, [streamOf('b1', paused), streamOf('b2')]).state).toBe('running');
    expect(statusOf({}, []).state).toBe('paused');
  });

  it('is cancelled or done, whatever is paused', () => {
    expect(statusOf({ cancelledAt: 7 }, [streamOf('b1', paused), streamOf('b2', paused)]).state).toBe(
      'cancelled',
    );
    const ended = [streamOf('b1', { ...paused, watermark: 100 }), streamOf('b2', { watermark: 200 })];
    expect(statusOf({}, ended).state).toBe('done');
    expect(statusOf({ cancelledAt: 7 }, ended).state).toBe('done');
  });
});
