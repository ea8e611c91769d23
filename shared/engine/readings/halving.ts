import { ConnectorError } from '../../errors.ts';
import type { Span } from '../stream.ts';

/** A span shorter than this is not halved any more. Milliseconds. */
const shortestMs = 1_000;
/** How full the next span is meant to be, from what the last one held: some seconds hold more than others. */
const aim = 0.6;

/** The first half of a span that held more than the console gives at once, or undefined where it cannot be halved. */
export function firstHalf({ from, to }: Span): Span | undefined {
  if (to - from <= shortestMs) return undefined;
  return { from, to: from + Math.max(shortestMs, Math.ceil((to - from) / 2)) };
}

/** What was read last: a span, and how many rows it held. */
export interface ReadSpan {
  readonly span: Span;
  readonly rows: number;
}

/**
 * How long a span may be to hold a good part of what the console gives at once, milliseconds, if it is like the one that was
 * read last; any length if that one was empty.
 */
export function wishedLength({ span, rows }: ReadSpan, most: number): number {
  if (rows === 0) return Number.POSITIVE_INFINITY;
  return Math.max(shortestMs, Math.floor(((span.to - span.from) * aim * most) / rows));
}

/**
 * The span to ask for next, out of what is left.
 * @param most rows that the console gives at once
 */
export function nextSpan(rest: Span, read: ReadSpan, most: number): Span {
  return { from: rest.from, to: Math.min(rest.to, rest.from + wishedLength(read, most)) };
}

/** One second holds more than the console gives: what is beyond it cannot be had by asking again. */
export function tooManyRows(path: string, { from, to }: Span, most: number): ConnectorError {
  return new ConnectorError({
    code: 'row_cap_reached',
    message: `${path}: from ${new Date(from).toISOString()} to ${new Date(to).toISOString()} there are more events than the ${most} that the console gives for one query, and a second is not divided further: some of them are missing.`,
    health: 'misconfigured',
    retryable: false,
    recommendation:
      'Narrow the query of this content type, or divide it between several connectors with a query each.',
  });
}
