import type { StreamStore } from '../ports.ts';
import type { Stream, StreamChange } from './stream.ts';

/** A stream that this worker has acquired, and how far it has come with it. */
export class HeldStream {
  /** Everything before this time is in the lake: ahead of the stored watermark while windows are empty. */
  reached: number;
  /** True once this slice has committed something. */
  progressed = false;
  private current: Stream;
  private readonly store: StreamStore;

  constructor(stream: Stream, store: StreamStore) {
    this.current = stream;
    this.store = store;
    this.reached = stream.watermark;
  }

  get stream(): Stream {
    return this.current;
  }

  /** Writes under the fence. False: another worker has the stream, and this one must stop. */
  async write(change: StreamChange): Promise<boolean> {
    const outcome = await this.store.update(this.current, change);
    if (outcome.kind === 'lost') return false;
    this.current = outcome.stream;
    return true;
  }

  /** Gives the stream back, together with what the slice has to say. False as in `write`. */
  release(change: StreamChange): Promise<boolean> {
    return this.write({
      ...change,
      leaseUntil: 0,
      // While a window is open its start is the watermark; empty windows are passed without a write of their own.
      ...(this.current.window === undefined && this.reached > this.current.watermark
        ? { watermark: this.reached }
        : {}),
    });
  }
}
