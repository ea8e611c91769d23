import type { Span, Stream } from '../engine/stream.ts';
import { type Backfill, type BackfillSpan, type Job, spansIn } from './backfill.ts';

/** How far a job has come with a content type. Times in epoch milliseconds. */
export interface JobProgress {
  readonly contentType: string;
  /** What jobs read that lies in the time that was asked for, at least in part; the rest is the live stream's. */
  readonly spans: readonly SpanProgress[];
  /** 0 to 1, of the time that was asked for. */
  readonly done: number;
  readonly records: number;
}

export interface SpanProgress extends Span {
  /** Everything from `from` to here is in the lake. */
  readonly watermark: number;
  readonly error?: string;
}

/** `paused`: nobody works on what is left of it, because connector or content type do not collect now. It goes on when they do. */
export type JobState = 'running' | 'paused' | 'done' | 'cancelled';

/** What is known of a job now. */
export interface JobStatus {
  readonly job: Job;
  readonly state: JobState;
  readonly contentTypes: readonly JobProgress[];
}

/** @param streams all of the connector's that have a part */
export function jobStatus(job: Job, { spans }: Backfill, streams: readonly Stream[]): JobStatus {
  const contentTypes = job.contentTypes.map((contentType) => {
    const own = streams.filter(({ id }) => id.contentType === contentType);
    return { contentType, reads: readsOf(job, spansIn(spans[contentType] ?? [], job), own) };
  });
  return {
    job,
    state: stateOf(
      job,
      contentTypes.flatMap(({ reads }) => reads),
    ),
    contentTypes: contentTypes.map(({ contentType, reads }) => progressOf(contentType, reads)),
  };
}

/** A span, and what of it lies in the time of the job. */
interface Read {
  readonly span: BackfillSpan;
  /** Absent where it has not begun. */
  readonly stream: Stream | undefined;
  /** Milliseconds that were asked for, and those of them that are in the lake. */
  readonly asked: number;
  readonly done: number;
}

function readsOf(job: Job, spans: readonly BackfillSpan[], streams: readonly Stream[]): readonly Read[] {
  return spans.map((span) => {
    const stream = streams.find(({ id }) => id.part === span.part);
    const from = Math.max(span.from, job.from);
    const asked = Math.min(span.to, job.to) - from;
    const done = Math.min(Math.max((stream?.watermark ?? from) - from, 0), asked);
    return { span, stream, asked, done };
  });
}

function stateOf(job: Job, reads: readonly Read[]): JobState {
  const open = reads.filter(({ asked, done }) => done < asked);
  if (open.length === 0) return 'done';
  if (job.cancelledAt !== undefined) return 'cancelled';
  const isMoving = open.some(({ stream }) => stream !== undefined && stream.pausedAt === undefined);
  return isMoving ? 'running' : 'paused';
}

function progressOf(contentType: string, reads: readonly Read[]): JobProgress {
  const asked = reads.reduce((sum, read) => sum + read.asked, 0);
  const done = reads.reduce((sum, read) => sum + read.done, 0);
  return {
    contentType,
    spans: reads.map(({ span: { from, to }, stream }) => ({
      from,
      to,
      watermark: stream?.watermark ?? from,
      ...(stream?.status.message === undefined ? {} : { error: stream.status.message }),
    })),
    done: asked === 0 ? 1 : done / asked,
    records: reads.reduce((sum, { stream }) => sum + (stream?.totals.records ?? 0), 0),
  };
}
