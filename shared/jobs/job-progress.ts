import type { Span, Stream } from '../engine/stream.ts';
import { type Backfill, type BackfillSpan, type Job, spansIn } from './backfill.ts';

/** How far a job has come with a content type. Times in epoch milliseconds. */
export interface JobProgress {
  readonly contentType: string;
  /** What is read by jobs within the time that was asked for; the rest is the live stream's. */
  readonly spans: readonly SpanProgress[];
  /** 0 to 1, of the time. */
  readonly done: number;
  readonly records: number;
}

export interface SpanProgress extends Span {
  /** Everything from `from` to here is in the lake. */
  readonly watermark: number;
  readonly error?: string;
}

export type JobState = 'running' | 'done' | 'cancelled';

/** What is known of a job now. */
export interface JobStatus {
  readonly job: Job;
  readonly state: JobState;
  readonly contentTypes: readonly JobProgress[];
}

/** @param streams all of the connector's that have a part */
export function jobStatus(job: Job, { spans }: Backfill, streams: readonly Stream[]): JobStatus {
  const contentTypes = job.contentTypes.map((contentType) =>
    progressOf(
      contentType,
      spansIn(spans[contentType] ?? [], job),
      streams.filter(({ id }) => id.contentType === contentType),
    ),
  );
  const isDone = contentTypes.every(({ done }) => done === 1);
  const state = isDone ? 'done' : job.cancelledAt === undefined ? 'running' : 'cancelled';
  return { job, state, contentTypes };
}

function progressOf(
  contentType: string,
  spans: readonly BackfillSpan[],
  streams: readonly Stream[],
): JobProgress {
  const found = spans.map((span) => ({ span, stream: streams.find(({ id }) => id.part === span.part) }));
  const total = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const read = found.reduce((sum, { span, stream }) => sum + (stream?.watermark ?? span.from) - span.from, 0);
  return {
    contentType,
    spans: found.map(({ span: { from, to }, stream }) => ({
      from,
      to,
      watermark: stream?.watermark ?? from,
      ...(stream?.status.message === undefined ? {} : { error: stream.status.message }),
    })),
    done: total === 0 ? 1 : read / total,
    records: found.reduce((sum, { stream }) => sum + (stream?.totals.records ?? 0), 0),
  };
}
