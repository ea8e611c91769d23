import type { StreamId } from '../engine/stream.ts';

/** What an operator does to a stream as a whole. Its progress is touched by none of it. */
export interface StreamControl {
  /**
   * Takes it off the schedule; messages about it are dropped from now on, and a slice that is under way is its last.
   * @param at epoch milliseconds; where it is paused already, the first time stays
   */
  pause(id: StreamId, at: number): Promise<void>;
  /** Puts it back, due at `at` (epoch milliseconds). Harmless where it was not paused. */
  resume(id: StreamId, at: number): Promise<void>;
  /** Forgets it with its progress. What is in the lake stays. */
  remove(id: StreamId): Promise<void>;
}
