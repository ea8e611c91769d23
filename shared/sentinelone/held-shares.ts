import type { SharePlan } from './share-plan.ts';

interface HeldShare {
  readonly requests: number;
  readonly startsAt: number;
  readonly endsAt: number;
  /** The least time between two of its requests. */
  readonly everyMs: number;
  left: number;
  /** The earliest time for its next request. */
  nextAt: number;
}

/** Longer than any turn is waited for. */
const mostAheadMs = 60_000;
/** How much of a late start the next request may make up for, as a part of the time between two. */
const catchUpPart = 0.25;

/** The shares of one budget that a process holds, and how large its next one should be. Times in epoch milliseconds. */
export class HeldShares {
  private readonly plan: SharePlan;
  private shares: HeldShare[] = [];
  private wanted: number;

  constructor(plan: SharePlan) {
    this.plan = plan;
    this.wanted = plan.most;
  }

  /** Requests of the share to take next: about what was used of the last one, more where that was not enough. */
  get nextRequests(): number {
    return this.wanted;
  }

  grow(): void {
    this.wanted = Math.min(this.plan.most, 2 * this.wanted);
  }

  /**
   * @param turnAt as the schedule gave it
   * @param askedAt when the schedule was asked: a share that came late has lost that time, and is not used late for it
   */
  add(requests: number, turnAt: number, askedAt: number): void {
    const { durationMs, earlyMs } = this.plan;
    const startsAt = Math.max(askedAt, turnAt - earlyMs);
    const endsAt = startsAt + durationMs;
    const everyMs = durationMs / requests;
    this.shares.push({ requests, startsAt, endsAt, everyMs, left: requests, nextAt: startsAt });
  }

  /** When the next request may go, at `now` or later; undefined when no share is left. */
  nextAt(now: number): number | undefined {
    const share = this.earliest(now);
    return share && Math.max(now, share.nextAt);
  }

  /** Uses one request of the share whose turn it is. Only when `nextAt(now)` is `now`. */
  use(now: number): void {
    const share = this.earliest(now);
    if (share === undefined || share.nextAt > now) throw new Error('No share has its turn now.');
    share.left--;
    share.nextAt = Math.max(share.nextAt + share.everyMs, now + share.everyMs * (1 - catchUpPart));
  }

  /** Whether a share is among them that has not begun. */
  hasFuture(now: number): boolean {
    return this.shares.some(({ startsAt }) => startsAt > now);
  }

  /** How long so many requests take by the shares that are held, roughly. */
  estimateMs(requests: number): number {
    const perMs = this.shares.reduce((sum, { everyMs }) => sum + 1 / everyMs, 0);
    return requests / perMs;
  }

  private earliest(now: number): HeldShare | undefined {
    this.shares = this.shares.filter((share) => !this.isOver(share, now));
    let earliest = this.shares[0];
    for (const share of this.shares) if (share.nextAt < (earliest?.nextAt ?? 0)) earliest = share;
    return earliest;
  }

  private isOver({ requests, left, nextAt, endsAt, startsAt }: HeldShare, now: number): boolean {
    // No turn is taken so far ahead: the clock was set back, and nobody should wait for the difference.
    if (startsAt - now > mostAheadMs) return true;
    if (left === 0) {
      this.grow();
      return true;
    }
    if (Math.max(now, nextAt) < endsAt) return false;
    this.wanted = Math.max(this.plan.fewest, Math.min(this.plan.most, requests - left + 1));
    return true;
  }
}
