import type { StreamStore } from '../ports.ts';
import type { Stream, StreamChange } from './stream.ts';

/** A stream that this worker has acquired, and how far it has come with it. */
export class HeldStream {
  /** Everything before this time is in the lake: ahead of the stored watermark while windows are empty. */
  reached: number;
  private committed = false;
  /** True once a write has thrown: it may have taken effect, so nothing can be written on top of it. */
  private uncertain = false;
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

  /** True once this slice has got something done: a batch committed, or time passed in which there was nothing. */
  get progressed(): boolean {
    return this.committed || this.reached > this.current.watermark;
  }

  /** Writes a commit of the log. False as in `write`. */
  async commit(change: StreamChange): Promise<boolean> {
    const written = await this.write(change);
    this.committed ||= written;
    return written;
  }

  /** Writes under the fence. False: another worker has the stream, and this one must stop. */
  async write(change: StreamChange): Promise<boolean> {
    if (this.uncertain) return false;
    this.uncertain = true;
    const outcome = await this.store.update(this.current, change);
    this.uncertain = false;
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
