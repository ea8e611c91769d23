import type { Span } from '../engine/stream.ts';

/** A time before the beginning of a connector that is read, or was, by a stream of its own. */
export interface BackfillSpan extends Span {
  /** `b1`, `b2`, …; the part of its stream's id. Spans of one content type never overlap. */
  readonly part: string;
}

/** What somebody asked for. It owns no data: two jobs over the same time share the streams that read it. */
export interface Job {
  /** Unique within the connector. */
  readonly id: string;
  readonly contentTypes: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly createdAt: number;
  /** As `creatorName` writes it. */
  readonly createdBy: string;
  readonly cancelledAt?: number;
}

/** Everything about the time before a connector's beginning. Times in epoch milliseconds. */
export interface Backfill {
  /** Raised by every change; 0 where there is nothing yet. */
  readonly version: number;
  /** By content type. */
  readonly spans: Readonly<Record<string, readonly BackfillSpan[]>>;
  /** Oldest first. */
  readonly jobs: readonly Job[];
}

export const noBackfill: Backfill = { version: 0, spans: {}, jobs: [] };

/** Where it is kept, one for each connector. */
export interface BackfillStore {
  /** Strongly consistent. */
  get(connector: { readonly tenant: string; readonly id: string }): Promise<Backfill>;
  /** Writes it with the next version, if the stored version is still `backfill.version`. True also where this was written before. */
  put(connector: { readonly tenant: string; readonly id: string }, backfill: Backfill): Promise<boolean>;
}

/** The spans that lie within a time, at least in part. */
export function spansIn(spans: readonly BackfillSpan[], { from, to }: Span): readonly BackfillSpan[] {
  return spans.filter((span) => span.from < to && span.to > from);
}

/** True where a job that is not cancelled wants at least a part of the span. */
export function isWanted(contentType: string, span: BackfillSpan, jobs: readonly Job[]): boolean {
  return jobs.some(
    (job) =>
      job.cancelledAt === undefined &&
      job.contentTypes.includes(contentType) &&
      spansIn([span], job).length > 0,
  );
}

/**
 * The spans that are to be added so that all of a time is covered: what no span and no live stream reads already.
 * @param since where the live stream begins, which reads everything after it
 * @param part the name of the n-th span
 */
export function missingSpans(
  spans: readonly BackfillSpan[],
  wanted: Span,
  since: number,
  part: (n: number) => string,
): readonly BackfillSpan[] {
  const end = Math.min(wanted.to, since);
  const missing: BackfillSpan[] = [];
  let from = wanted.from;
  const next = (to: number) => {
    if (to > from) missing.push({ part: part(spans.length + missing.length + 1), from, to });
  };
  for (const span of spansIn(spans, { from, to: end }).toSorted((a, b) => a.from - b.from)) {
    next(Math.min(span.from, end));
    from = Math.max(from, span.to);
  }
  next(end);
  return missing;
}
