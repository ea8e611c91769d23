import type { ContentType } from '../content-types/content-type.ts';
import { ConnectorError } from '../errors.ts';
import type {
  Clock,
  LakeLog,
  Log,
  Random,
  SentinelOneApi,
  StreamStore,
  WorkMessage,
  WorkQueue,
} from '../ports.ts';
import type { BatchLimits } from './batch.ts';
import { failStream, noteCrash } from './fail-stream.ts';
import { HeldStream } from './held-stream.ts';
import { nextWindow } from './next-window.ts';
import { readWindow } from './read-window.ts';
import { nextSlot } from './schedule.ts';
import { workedStatus } from './status.ts';
import type { Stream } from './stream.ts';

/** A console with a token, ready to be asked. */
export interface ConsoleSession {
  /** The console's origin, `https://acme.sentinelone.net`. */
  readonly hostUrl: string;
  readonly api: SentinelOneApi;
}

/** Everything that a slice of work touches. */
export interface SliceDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly streams: StreamStore;
  readonly lake: LakeLog;
  readonly queue: WorkQueue;
  readonly findContentType: (id: string) => ContentType | undefined;
  /** Opens the stream's console. Throws `ConnectorError` where the secret or the host is no good. */
  readonly openConsole: (stream: Stream) => Promise<ConsoleSession>;
  readonly batchLimits: BatchLimits;
  /** Longer than a slice can take; see docs/architecture.md, "Times". */
  readonly leaseMs: number;
  /** How long a sent message may take to be worked on before the stream is due again by itself. */
  readonly claimMs: number;
}

/** One call of the worker. */
export interface SliceRequest {
  readonly message: WorkMessage;
  /** Unique to this call; recognises our own acquire whose answer was lost. */
  readonly owner: string;
  /** Epoch milliseconds after which no new page is begun. */
  readonly deadline: number;
  /** Aborted a few seconds before the process is stopped: a page that is still on its way then is given up. */
  readonly signal: AbortSignal;
}

export type SliceOutcome =
  /** Nothing was done: another worker holds the stream, or there is no such stream (any more). */
  | { readonly kind: 'dropped'; readonly reason: string }
  /** Everything that is due was read. */
  | { readonly kind: 'done'; readonly nextDueAt: number }
  /** Time ran out; a message for the rest was sent. */
  | { readonly kind: 'more' }
  /** The console or the way to it failed; the next try is planned. */
  | { readonly kind: 'failed'; readonly error: ConnectorError; readonly nextTryAt: number }
  /** Another worker has taken over. What this one had written stays valid. */
  | { readonly kind: 'lostLease' };

/** A slice in progress: what it may touch, and what it is about. */
export interface Slice extends SliceDependencies {
  readonly contentType: ContentType;
  readonly session: ConsoleSession;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/**
 * Works on one stream until everything due is read, the deadline comes, or the console stops us.
 * Throws only for bugs and broken infrastructure; the queue then delivers the message again.
 */
export async function runSlice(
  request: SliceRequest,
  dependencies: SliceDependencies,
): Promise<SliceOutcome> {
  const { clock, streams, leaseMs } = dependencies;
  const id = request.message.stream;
  const contentType = dependencies.findContentType(id.contentType);
  if (contentType === undefined) return { kind: 'dropped', reason: `unknown content type ${id.contentType}` };

  const acquired = await streams.acquire(id, { owner: request.owner, now: clock.now(), leaseMs });
  if (acquired.kind !== 'acquired') return { kind: 'dropped', reason: whyNotAcquired(acquired) };

  const held = new HeldStream(acquired.stream, streams);
  const crashed = async (error: unknown): Promise<never> => {
    await noteCrash(held, error, dependencies);
    throw error;
  };
  try {
    const session = await dependencies.openConsole(held.stream);
    const { deadline, signal } = request;
    return await readDueWindows(held, { ...dependencies, contentType, session, deadline, signal });
  } catch (error) {
    if (!(error instanceof ConnectorError)) return await crashed(error);
    return await failStream(held, error, dependencies).catch(crashed);
  }
}

function whyNotAcquired(
  outcome: Exclude<Awaited<ReturnType<StreamStore['acquire']>>, { kind: 'acquired' }>,
): string {
  switch (outcome.kind) {
    case 'missing':
      return 'no such stream';
    case 'newer':
      return `the stream's state was written by a newer version (${outcome.version})`;
    case 'held':
      return `another worker holds the stream until ${new Date(outcome.leaseUntil).toISOString()}`;
  }
}

async function readDueWindows(held: HeldStream, slice: Slice): Promise<SliceOutcome> {
  const { clock, contentType } = slice;
  // Fixed for the slice: the present moves on while we read, and a slice that ran after it would never be done.
  const present = clock.now();
  for (;;) {
    const window = held.stream.window ?? nextWindow(held.reached, present, contentType.settleMs);
    if (window === undefined) return finish(held, slice);
    if (clock.now() >= slice.deadline) return continueLater(held, slice);
    switch (await readWindow(held, window, slice)) {
      case 'read':
        held.reached = window.to;
        break;
      case 'deadline':
        return continueLater(held, slice);
      case 'lost':
        return { kind: 'lostLease' };
    }
  }
}

async function finish(held: HeldStream, slice: Slice): Promise<SliceOutcome> {
  const { id, settings, status } = held.stream;
  const now = slice.clock.now();
  const nextDueAt = nextSlot(id, settings.intervalMs, now);
  const released = await held.release({ nextDueAt, status: workedStatus(status, 'ok', now) });
  return released ? { kind: 'done', nextDueAt } : { kind: 'lostLease' };
}

/** Gives the stream back first and asks for more work then: the other way round, the message could meet our own lease. */
async function continueLater(held: HeldStream, slice: Slice): Promise<SliceOutcome> {
  const { id, settings, status } = held.stream;
  const now = slice.clock.now();
  const lagMs = now - held.reached - slice.contentType.settleMs;
  const health = lagMs > 2 * settings.intervalMs ? 'behind' : 'ok';
  const released = await held.release({
    nextDueAt: now + slice.claimMs,
    status: workedStatus(status, health, now),
  });
  if (!released) return { kind: 'lostLease' };
  await slice.queue.send([{ version: 1, stream: id }], 0);
  return { kind: 'more' };
}
