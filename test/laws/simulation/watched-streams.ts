import { type Stream, type StreamChange, streamName } from '../../../shared/engine/stream.ts';
import type { Lease, UpdateOutcome } from '../../../shared/ports.ts';
import type { MemoryLake } from '../../support/memory/memory-lake.ts';
import { MemoryStreams } from '../../support/memory/memory-streams.ts';
import { entriesOf } from './lake-entries.ts';
import { Violation } from './violation.ts';

/** The state table, which looks at every write: what holds at all times must hold after each of them. */
export class WatchedStreams extends MemoryStreams {
  private readonly lake: MemoryLake;

  constructor(lake: MemoryLake) {
    super();
    this.lake = lake;
  }

  override async acquire(seen: Stream, change: StreamChange, lease: Lease): Promise<UpdateOutcome> {
    return this.watched(seen, change, () => super.acquire(seen, change, lease));
  }

  override async update(held: Stream, change: StreamChange): Promise<UpdateOutcome> {
    return this.watched(held, change, () => super.update(held, change));
  }

  private async watched(
    held: Stream,
    change: StreamChange,
    write: () => Promise<UpdateOutcome>,
  ): Promise<UpdateOutcome> {
    if (change.leaseUntil === 0 && change.nextDueAt === undefined)
      throw new Violation('I5 messages', `${streamName(held.id)}: given back without a due time`);
    const before = this.stored(held);
    const outcome = await write();
    const after = this.stored(held);
    if (before === undefined || after === undefined) return outcome;
    if (before !== after) {
      if (held.fence < before.fence || (held.fence === before.fence && held.step < before.step))
        throw new Violation(
          'I4 stale worker',
          `${streamName(held.id)}: fence ${held.fence} wrote over ${before.fence}`,
        );
      expectProgress(before, after);
      expectOpenWindow(after);
      this.expectDurable(before, after);
    }
    return outcome;
  }

  private stored(stream: Stream): Stream | undefined {
    return this.rows.get(streamName(stream.id))?.stream;
  }

  /** I3: everything that the checkpoint says is there. */
  private expectDurable(before: Stream, after: Stream): void {
    const window = after.window ?? before.window;
    if (window === undefined) return;
    const { main, derived } = entriesOf(this.lake, after.id, window);
    const count = after.window === undefined ? main.length : after.batch;
    for (let batch = 0; batch < count; batch++) {
      const entry = main.find(({ header }) => header.batch === batch);
      const alert = derived.find(({ header }) => header.batch === batch);
      if (entry === undefined || (entry.lines.length > 0 && alert === undefined))
        throw new Violation(
          'I3 checkpoint after object',
          `${streamName(after.id)}: batch ${batch} is not there`,
        );
    }
    if (after.window === undefined && main.at(-1)?.header.end !== true)
      throw new Violation('I2 chain', `${streamName(after.id)}: a window was closed without a last entry`);
  }
}

/** What is behind the watermark stays behind it, and what is ahead of it stays known. */
function expectProgress(before: Stream, after: Stream): void {
  const end = (stream: Stream) => stream.ahead?.to ?? stream.watermark;
  if (after.watermark < before.watermark)
    throw new Violation('I2 chain', `${streamName(after.id)}: the watermark went back`);
  if (end(after) < end(before))
    throw new Violation('I2 chain', `${streamName(after.id)}: what is ahead was forgotten`);
}

/** The watermark tells the truth also while a window is open: what is not in the lake yet is not behind it. */
function expectOpenWindow({ id, window, watermark, ahead }: Stream): void {
  if (window === undefined) return;
  const isNext = window.from === watermark || window.from === ahead?.to;
  if (!isNext)
    throw new Violation('I2 chain', `${streamName(id)}: the watermark is not where the open window begins`);
}
