import type { Timeline } from './timeline.ts';

/** Microseconds by which a revision becomes visible later than its own time; 0 without the late-records profile. */
export type Delay = (record: number, us: number) => number;

/** A half-open span of revision times in microseconds. */
export interface Bounds {
  readonly fromUs: number;
  readonly toUs: number;
}

/** What the console shows of one kind of record at one moment: of each record the newest visible revision. */
export class Shown {
  readonly timeline: Timeline;
  readonly nowUs: number;
  readonly #delay: Delay;

  constructor(timeline: Timeline, nowUs: number, delay: Delay) {
    timeline.advance(nowUs);
    this.timeline = timeline;
    this.nowUs = nowUs;
    this.#delay = delay;
  }

  /** True when this row is the one that its record is shown with. */
  isShown(row: number): boolean {
    if (!this.#isVisible(row) || this.#isGone(this.timeline.revisions.record(row))) return false;
    const { revisions } = this.timeline;
    for (
      let later = revisions.next(row);
      later >= 0 && revisions.us(later) <= this.nowUs;
      later = revisions.next(later)
    ) {
      if (this.#isVisible(later)) return false;
    }
    return true;
  }

  /** The row that a record is shown with, -1 when it is not shown. */
  rowOf(record: number): number {
    if (this.#isGone(record)) return -1;
    const { revisions } = this.timeline;
    let shown = -1;
    for (
      let row = revisions.first(record);
      row >= 0 && revisions.us(row) <= this.nowUs;
      row = revisions.next(row)
    ) {
      if (this.#isVisible(row)) shown = row;
    }
    return shown;
  }

  /** The rows of a span, shown or not: `[from, to)` as row numbers. Nothing of the future is among them. */
  rows(bounds: Bounds): { readonly from: number; readonly to: number } {
    const { revisions } = this.timeline;
    const from = revisions.lowerBound(bounds.fromUs);
    return { from, to: Math.max(from, revisions.lowerBound(Math.min(bounds.toUs, this.nowUs + 1))) };
  }

  #isGone(record: number): boolean {
    return this.timeline.goneUs(record) <= this.nowUs;
  }

  #isVisible(row: number): boolean {
    const { revisions } = this.timeline;
    const us = revisions.us(row);
    return us + this.#delay(revisions.record(row), us) <= this.nowUs;
  }
}
