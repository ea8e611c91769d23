import type { Clock } from '../ports.ts';

/**
 * Differences that are not looked at: an HTTP date is a whole second, cut off, and an answer takes its time. The settle time
 * of a content type has room for them.
 */
const toleranceMs = 5_000;
/** What is known is forgotten then: a clock that was wrong once must not hold a stream back for ever. */
const believedMs = 600_000;

/**
 * What is known of a console's clock, from the `Date` headers of its answers. A window that ends in the console's future
 * would miss what is still to be recorded in it, so this clock is not ahead of the console's by more than the tolerance, and
 * never ahead of ours: a wrong `Date` can delay records but cannot lose any.
 */
export class ConsoleClock implements Clock {
  /** How far ours may be ahead of the console's, milliseconds; 0 where they agree as far as can be seen. */
  private aheadMs = 0;
  private observedAt = 0;
  private lastDate: number | undefined;
  private readonly ours: Clock;

  constructor(ours: Clock) {
    this.ours = ours;
  }

  /** Learns from an answer: its `Date` header, and when by our clock it had arrived (epoch milliseconds). */
  observe(header: string | undefined, receivedAt: number): void {
    const date = Date.parse(header ?? '');
    if (Number.isNaN(date)) return;
    this.lastDate = date;
    // When the answer was made is not known; that it was made only as it arrived is the cautious guess.
    const mostAheadMs = receivedAt - date;
    this.aheadMs = mostAheadMs > toleranceMs ? mostAheadMs : 0;
    this.observedAt = receivedAt;
  }

  /** The `Date` of the latest answer, epoch milliseconds; undefined where there was none. */
  answeredAt(): number | undefined {
    return this.lastDate;
  }

  now(): number {
    const now = this.ours.now();
    return Math.abs(now - this.observedAt) > believedMs ? now : now - this.aheadMs;
  }
}
