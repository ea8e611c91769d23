import type { Clock } from '../ports.ts';

/** HTTP dates are whole seconds, cut off: the answer was made up to this much later than its date says. */
const dateResolutionMs = 1_000;

/**
 * What is known of a console's clock, from the `Date` headers of its answers. A window that ends in the console's future
 * would miss what is still to be recorded in it, so this clock is never ahead of the console's, and never ahead of ours
 * either: a wrong `Date` can delay records but cannot lose any.
 */
export class ConsoleClock implements Clock {
  /** How far ours is ahead of the console's, milliseconds; 0 where they agree as far as can be seen. */
  private aheadMs = 0;
  private readonly ours: Clock;

  constructor(ours: Clock) {
    this.ours = ours;
  }

  /** Learns from an answer: its `Date` header, and when by our clock it was asked for and had arrived (epoch milliseconds). */
  observe(header: string | undefined, sentAt: number, receivedAt: number): void {
    const date = Date.parse(header ?? '');
    if (Number.isNaN(date)) return;
    const isAhead = date + dateResolutionMs < sentAt;
    // The answer was made at some time between the two; the later one is the cautious guess.
    this.aheadMs = isAhead ? receivedAt - date : 0;
  }

  now(): number {
    return this.ours.now() - this.aheadMs;
  }
}
