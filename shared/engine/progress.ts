import type { Span, Window } from './stream.ts';

const hourMs = 3_600_000;

/** A watermark further behind than this is a backlog: new data is read beside it instead of after it. */
const backlogMs = 2 * hourMs;

/** How far a stream has come; see `Stream.watermark` and `Stream.ahead`. */
export interface Progress {
  readonly watermark: number;
  readonly ahead?: Span | undefined;
}

/** One of the two ends at which a stream with a backlog is read. */
export type Track = 'old' | 'new';

/**
 * Begins a second track at the present hour when the watermark is far behind: after days without collection, or from a
 * first window long ago, what happens now is in the lake within an interval, and not after the backlog.
 * @param horizon the newest time that may be read, epoch milliseconds
 */
export function splitBacklog(progress: Progress, horizon: number): Progress {
  if (progress.ahead !== undefined || horizon - progress.watermark <= backlogMs) return progress;
  const hour = startOfHour(horizon);
  return { ...progress, ahead: { from: hour, to: hour } };
}

/**
 * The next window to read, with its track, or undefined when none is due yet. The tracks take turns as long as both have
 * something to do, so that neither waits for the whole of the other.
 * @param previous the track of the window before, in the same slice
 */
export function nextWindow(
  { watermark, ahead }: Progress,
  options: { readonly horizon: number; readonly intervalMs: number; readonly previous: Track | undefined },
): { readonly window: Window; readonly track: Track } | undefined {
  const { horizon, intervalMs, previous } = options;
  if (ahead !== undefined && previous !== 'new' && horizon - ahead.to >= intervalMs) {
    return { window: windowFrom(ahead.to, horizon), track: 'new' };
  }
  // What is ahead may lie beyond the horizon: it was written by a clock that ran fast.
  const end = Math.min(ahead?.from ?? horizon, horizon);
  return end > watermark ? { window: windowFrom(watermark, end), track: 'old' } : undefined;
}

/**
 * How far the stream is once everything in the span is in the lake.
 * @throws Error when the span does not follow on one of the tracks: going on from there would leave a gap
 */
export function passed({ watermark, ahead }: Progress, { from, to }: Span): Progress {
  if (from === watermark) {
    if (ahead === undefined || to < ahead.from) return { watermark: to, ahead };
    if (to === ahead.from) return { watermark: ahead.to };
  } else if (ahead !== undefined && from === ahead.to) {
    return { watermark, ahead: { from: ahead.from, to } };
  }
  throw new Error(`The span ${from} to ${to} does not follow on ${JSON.stringify({ watermark, ahead })}.`);
}

/** Ends at the hour at the latest, so that all batches of a window belong to one hour partition of the lake. */
function windowFrom(from: number, end: number): Window {
  return { from, to: Math.min(startOfHour(from) + hourMs, end) };
}

function startOfHour(time: number): number {
  return Math.floor(time / hourMs) * hourMs;
}
