import type { ConnectorError } from '../errors.ts';
import type { Clock, Lease, StreamStore } from '../ports.ts';
import { type Progress, passed, type Track } from './progress.ts';
import type { Position, Span, Stream, StreamChange } from './stream.ts';

/** For whom and for how long a stream is taken, milliseconds. */
export interface Holder {
  readonly owner: string;
  readonly leaseMs: number;
  readonly clock: Clock;
}

/**
 * A stream that this worker works on, and how far it has come with it. The first write takes the stream, and fails if anybody
 * else has written since it was read: until then nothing was done that could matter, so a slice that finds nothing
 * new costs one write and not two.
 */
export class HeldStream {
  /** How far this slice is: ahead of the stored progress while windows are empty. */
  progress: Progress;
  /** What the reading of the last window hands on to the next one. */
  carry: Position | undefined;
  /** What the console has and did not give in this slice. */
  incomplete: ConnectorError | undefined;
  private acquired = false;
  private hasProgressed = false;
  /** True once a write has thrown: it may have taken effect, so nothing can be written on top of it. */
  private uncertain = false;
  private current: Stream;
  private readonly store: StreamStore;
  private readonly holder: Holder;

  /** @param stream as it was read, with its lease run out */
  constructor(stream: Stream, store: StreamStore, holder: Holder) {
    this.current = stream;
    this.store = store;
    this.holder = holder;
    this.progress = progressOf(stream);
    this.carry = stream.window === undefined ? stream.position : undefined;
  }

  get stream(): Stream {
    return this.current;
  }

  /** True once this slice has got something done where it reads now: a batch committed, or time passed without records. */
  get progressed(): boolean {
    return this.hasProgressed;
  }

  /** The end of the stream at which the window lies. */
  trackOf({ from }: Span): Track {
    return from === this.progress.ahead?.to ? 'new' : 'old';
  }

  /** Notes that everything in the span is in the lake, without a write: it is stored with the next one. */
  pass(span: Span): void {
    this.progress = passed(this.progress, span);
    this.hasProgressed = true;
  }

  /**
   * The stream is read at its other end from here on. What fails there is a failure of that end, whatever was done at this
   * one; and where workers have died lately, what was passed here is stored first, or it would be lost with the next.
   * False as in `write`.
   */
  async changeTrack(): Promise<boolean> {
    this.hasProgressed = false;
    const change = this.unstoredProgress();
    return this.current.attempts === 0 || Object.keys(change).length === 0 || (await this.write(change));
  }

  /** Writes a commit of the log. False as in `write`. */
  async commit(change: StreamChange): Promise<boolean> {
    const written = await this.write({ ...this.unstoredProgress(), ...change });
    this.hasProgressed ||= written;
    return written;
  }

  /** Writes under the fence. False: another worker has the stream, and this one must stop. */
  async write(change: StreamChange): Promise<boolean> {
    if (this.uncertain) return false;
    this.uncertain = true;
    const outcome = this.acquired
      ? await this.store.update(this.current, change)
      : await this.store.acquire(this.current, change, this.lease());
    this.uncertain = false;
    if (outcome.kind === 'lost') return false;
    this.acquired = true;
    this.current = outcome.stream;
    return true;
  }

  private lease(): Lease {
    const { owner, leaseMs, clock } = this.holder;
    return { owner, leaseMs, now: clock.now() };
  }

  /**
   * Gives the stream back, together with what the slice has to say. False as in `write`.
   * @param restsUntil epoch milliseconds before which nobody can take it
   */
  release(change: StreamChange, restsUntil = 0): Promise<boolean> {
    // Attempts are forgotten when a slice leaves a word, and not before: a worker may get something done and die all the same.
    const attempts = this.current.attempts === 0 ? {} : { attempts: 0 };
    return this.write({ ...attempts, ...this.unstoredProgress(), ...change, leaseUntil: restsUntil });
  }

  /** How far this slice is, where the table does not know it yet. */
  unstoredProgress(): StreamChange {
    const { watermark, ahead } = this.progress;
    const stored = this.current;
    // Of an open window the position is its own.
    const isHandedOn = stored.window === undefined && this.carry !== stored.position;
    return {
      ...(isHandedOn ? { position: this.carry ?? null } : {}),
      ...(watermark === stored.watermark ? {} : { watermark }),
      ...(ahead?.from === stored.ahead?.from && ahead?.to === stored.ahead?.to
        ? {}
        : { ahead: ahead ?? null }),
    };
  }
}

function progressOf({ watermark, ahead }: Stream): Progress {
  return { watermark, ahead };
}
