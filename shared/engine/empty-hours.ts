import type { HeldStream } from './held-stream.ts';
import type { Track } from './progress.ts';
import { readingContext } from './reading-context.ts';
import type { Slice } from './slice.ts';

const hourMs = 3_600_000;
/** Empty windows in a row after which it pays to ask for more than an hour at once. */
const fewestWindows = 2;

/**
 * Passes long stretches without records: after a few empty windows it asks whether the next two hours hold anything, then
 * the next four, and so on. A month of nothing costs a dozen requests instead of hundreds.
 */
export class EmptyHours {
  private windows = 0;

  /** Counts a window that was read. */
  count(outcome: 'read' | 'empty'): void {
    this.windows = outcome === 'empty' ? this.windows + 1 : 0;
  }

  /**
   * Passes the hours that follow on the track, if they are many and the console has nothing in them.
   * Throws `ConnectorError` when the console fails.
   */
  async pass(held: HeldStream, track: Track, horizon: number, slice: Slice): Promise<void> {
    const { contentType, session, signal } = slice;
    const { watermark, ahead } = held.progress;
    const from = track === 'new' && ahead !== undefined ? ahead.to : watermark;
    const end = track === 'new' || ahead === undefined ? horizon : ahead.from;
    const span = { from, to: Math.min(from + hourMs * 2 ** this.windows, end, horizon) };
    if (this.windows < fewestWindows || span.to - span.from <= hourMs) return;
    try {
      if (!(await contentType.reading.isEmpty({ ...readingContext(held, slice), span, signal }))) {
        this.windows = 0;
        return;
      }
    } catch (error) {
      // The slice is about to end anyway; the window is asked for again by the next one.
      if (signal.aborted) return;
      throw error;
    }
    // By the console's clock, as its answer has shown it, the end may still lie in its present.
    const to = Math.min(span.to, session.now() - contentType.settleMs);
    if (to > from) held.pass({ from, to });
    this.windows += 1;
  }
}
