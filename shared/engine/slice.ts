import type { ContentType } from '../content-types/content-type.ts';
import { ConnectorError } from '../errors.ts';
import type { RecordFilter } from '../filters/record-filter.ts';
import { storedFilter } from '../filters/stored-filter.ts';
import type {
  Clock,
  LakeLog,
  Log,
  MemoryStore,
  Random,
  ReadOutcome,
  SentinelOneApi,
  StreamStore,
  WorkMessage,
  WorkQueue,
} from '../ports.ts';
import type { BatchLimits } from './batch.ts';
import { beginSlice } from './begin-slice.ts';
import { crashPauseMs } from './crash-pause.ts';
import { EmptyHours } from './empty-hours.ts';
import { failStream, longestDelayMs, noteCrash } from './fail-stream.ts';
import { HeldStream } from './held-stream.ts';
import { nextWindow, splitBacklog, type Track } from './progress.ts';
import { readWindow } from './read-window.ts';
import { nextSlot } from './schedule.ts';
import { failedStatus, newStatus, workedStatus } from './status.ts';
import { type Stream, type StreamId, type StreamStatus, streamName } from './stream.ts';

/** A message that is lost costs a waiting stream no more than that: the console does not keep for long what it was asked for. */
const waitingNetMs = 300_000;

/** By how much the clocks of two workers may differ without the later one's message coming too early. */
const clockToleranceMs = 2_000;

/** A console with a token, ready to be asked. */
export interface ConsoleSession {
  /** The console's origin, `https://acme.sentinelone.net`. */
  readonly hostUrl: string;
  readonly api: SentinelOneApi;
  /** The present by the console's clock as far as it is known, and never later than by ours. Epoch milliseconds. */
  now(): number;
  /**
   * What the console's own clock said with its latest answer, whole seconds, epoch milliseconds: what comes next is not earlier.
   * Undefined where it has not said.
   */
  answeredAt?(): number | undefined;
}

/** Everything that a slice of work touches. */
export interface SliceDependencies {
  readonly clock: Clock;
  readonly random: Random;
  /** Resolves once requests that were begun have been sent: a turn of the event loop. */
  readonly letIoProceed: () => Promise<void>;
  readonly log: Log;
  /** Resolves after the time, or rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly streams: StreamStore;
  readonly memory: MemoryStore;
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
  /** How often the queue has delivered this message: more than once means that a worker died on it. */
  readonly receives: number;
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
  /** The stream has an end, and everything up to it was read. It is not due again. */
  | { readonly kind: 'ended' }
  /** Time ran out; a message for the rest was sent. */
  | { readonly kind: 'more' }
  /** The console needs time for what it was asked; the reading goes on then. */
  | { readonly kind: 'waiting'; readonly resumeAt: number }
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
  /** As the stream's settings were when the slice began: what is changed meanwhile counts from the next slice on. */
  readonly filter: RecordFilter | undefined;
}

/** Between slices of the past the console's budget is left to what happens now. */
const pastRestSeconds = 30;

/**
 * Works on one stream until everything due is read, the deadline comes, or the console stops us.
 * Throws for bugs, broken infrastructure and state that it cannot read; the queue then delivers the message again.
 */
export async function runSlice(
  request: SliceRequest,
  dependencies: SliceDependencies,
): Promise<SliceOutcome> {
  const { clock, leaseMs } = dependencies;
  const { owner, receives, deadline, signal } = request;
  const id = request.message.stream;
  const stream = await readStream(id, dependencies);
  if (stream === undefined) return { kind: 'dropped', reason: 'no such stream' };
  if (stream.pausedAt !== undefined) return { kind: 'dropped', reason: 'the stream is paused' };
  if (stream.settings.until !== undefined && stream.nextDueAt === undefined)
    return { kind: 'dropped', reason: 'the stream has ended' };
  if (stream.leaseUntil > clock.now()) {
    const until = new Date(stream.leaseUntil).toISOString();
    return { kind: 'dropped', reason: `another worker holds the stream, or it rests, until ${until}` };
  }

  const held = new HeldStream(stream, dependencies.streams, { owner, leaseMs, clock });
  const crashed = async (error: unknown): Promise<never> => {
    await noteCrash(held, error, dependencies);
    throw error;
  };
  try {
    if ((receives > 1 || isTroubled(stream)) && !(await beginSlice(held, dependencies)))
      return { kind: 'lostLease' };
    const contentType = dependencies.findContentType(id.contentType);
    if (contentType === undefined) throw unknownContentType(id.contentType);
    const filter = storedFilter(held.stream.settings.filters);
    const session = await dependencies.openConsole(held.stream);
    return await readDueWindows(held, { ...dependencies, contentType, session, deadline, signal, filter });
  } catch (error) {
    if (!(error instanceof ConnectorError)) return await crashed(error);
    return await failStream(held, error, dependencies).catch(crashed);
  }
}

/** Where something is in progress or went wrong, the attempt is counted before it is made. */
function isTroubled({ attempts, window, status }: Stream): boolean {
  return attempts > 0 || window !== undefined || status.failures > 0;
}

/** Undefined where there is no such stream (any more). Throws where there is one that this version cannot work on. */
async function readStream(id: StreamId, dependencies: SliceDependencies): Promise<Stream | undefined> {
  const outcome = await dependencies.streams.read(id);
  switch (outcome.kind) {
    case 'found':
      return outcome.stream;
    case 'missing':
      return undefined;
    case 'newer':
      throw new Error(`${streamName(id)}: its state was written by a newer version (${outcome.version}).`);
    case 'malformed':
      return await setAside(id, outcome, dependencies);
  }
}

async function setAside(
  id: StreamId,
  { reason }: Extract<ReadOutcome, { kind: 'malformed' }>,
  { clock, streams, log }: SliceDependencies,
): Promise<never> {
  const now = clock.now();
  // How often this went wrong before cannot be read, so the pause is the longest at once.
  const nextTryAt = now + crashPauseMs(Number.POSITIVE_INFINITY);
  const error = new ConnectorError({
    code: 'state_malformed',
    message: reason,
    health: 'internal',
    retryable: false,
    recommendation:
      "Repair the attribute in the stream's item of the state table by hand. Do not restore an older copy of the item: what was read since would be read, and written, again.",
  });
  log.error(reason, { stream: streamName(id) });
  await streams.setAside(id, failedStatus(newStatus(now), error, { now, failures: 1, nextTryAt }), nextTryAt);
  throw error;
}

function unknownContentType(id: string): ConnectorError {
  return new ConnectorError({
    code: 'unknown_content_type',
    message: `This version has no content type ${id}.`,
    health: 'internal',
    retryable: false,
    recommendation: 'Deploy the version that the connector was saved with, or a newer one.',
  });
}

async function readDueWindows(held: HeldStream, slice: Slice): Promise<SliceOutcome> {
  const { clock, contentType, session, deadline } = slice;
  // Fixed for the slice: the present moves on while we read, and a slice that ran after it would never be done.
  const { intervalMs, until = Number.POSITIVE_INFINITY } = held.stream.settings;
  const newest = () => Math.min(session.now() - contentType.settleMs, until);
  let horizon = newest();
  let previous: Track | undefined;
  const emptyHours = new EmptyHours();
  for (;;) {
    const open = held.stream.window;
    // What has an end has no new data that could wait behind the old.
    if (open === undefined && until === Number.POSITIVE_INFINITY)
      held.progress = splitBacklog(held.progress, horizon);
    const next =
      open === undefined
        ? nextWindow(held.progress, { horizon, intervalMs, previous })
        : { window: open, track: held.trackOf(open) };
    if (next === undefined || (previous !== undefined && isLeftToNextSlot(held, slice, horizon)))
      return finish(held, slice);
    if (clock.now() >= deadline) return continueLater(held, slice);
    if (previous !== undefined && previous !== next.track && !(await held.changeTrack()))
      return { kind: 'lostLease' };
    const outcome = await readWindow(held, next.window, slice);
    if (typeof outcome === 'object') return waitForConsole(held, slice, outcome.resumeInMs);
    switch (outcome) {
      case 'read':
      case 'empty':
        previous = next.track;
        emptyHours.count(outcome);
        if (clock.now() < deadline) await emptyHours.pass(held, next.track, horizon, slice);
        break;
      case 'unsettled':
        // The console's clock turned out to be behind ours; what lies after its present is not there yet.
        horizon = newest();
        break;
      case 'deadline':
        return continueLater(held, slice);
      case 'lost':
        return { kind: 'lostLease' };
    }
  }
}

/**
 * While the console is waited for a little more becomes due, again and again. Where every window takes such a wait, it is left to
 * the regular slot, or the stream would never be done and have several times as many queries.
 */
function isLeftToNextSlot(
  { progress, stream }: HeldStream,
  { contentType }: Slice,
  horizon: number,
): boolean {
  if (contentType.reading.isPaced !== true || stream.window !== undefined) return false;
  return progress.ahead === undefined && horizon - progress.watermark < stream.settings.intervalMs;
}

async function finish(held: HeldStream, slice: Slice): Promise<SliceOutcome> {
  const { id, settings } = held.stream;
  if (hasEnded(held)) {
    const now = slice.clock.now();
    const released = await held.release({ nextDueAt: null, status: statusOf(held, slice, now) });
    return released ? { kind: 'ended' } : { kind: 'lostLease' };
  }
  const nextDueAt = nextSlot(id, settings.intervalMs, slice.clock.now());
  const released = await held.release({ nextDueAt, status: statusOf(held, slice, nextDueAt) });
  return released ? { kind: 'done', nextDueAt } : { kind: 'lostLease' };
}

function hasEnded({ progress, stream }: HeldStream): boolean {
  return progress.watermark >= (stream.settings.until ?? Number.POSITIVE_INFINITY);
}

/** Gives the stream back until the console is done. */
async function waitForConsole(held: HeldStream, slice: Slice, waitMs: number): Promise<SliceOutcome> {
  const { id, status } = held.stream;
  const resumeAt = slice.clock.now() + waitMs;
  const byMessage = waitMs <= longestDelayMs;
  const released = await held.release(
    {
      // With a message under way the due time is only the net below it.
      nextDueAt: byMessage ? resumeAt + Math.min(slice.claimMs, waitingNetMs) : resumeAt,
      // Trouble is over when something was done, and not when somebody is asked to wait.
      status:
        status.failures > 0 && !held.progressed && held.incomplete === undefined
          ? { ...status, nextTryAt: resumeAt }
          : statusOf(held, slice, resumeAt),
    },
    // A message that comes earlier is a doubled one: each would ask in vain, and send another.
    resumeAt - Math.min(clockToleranceMs, waitMs / 2),
  );
  if (!released) return { kind: 'lostLease' };
  if (byMessage) await slice.queue.send([{ version: 1, stream: id }], Math.ceil(waitMs / 1000));
  return { kind: 'waiting', resumeAt };
}

/** What a slice that ended well has to say. */
function statusOf(held: HeldStream, slice: Slice, nextTryAt: number): StreamStatus {
  const { status } = held.stream;
  const now = slice.clock.now();
  return held.incomplete === undefined
    ? workedStatus(status, healthOf(held, slice), now)
    : failedStatus(status, held.incomplete, { now, failures: 0, nextTryAt });
}

/** By our own clock: a stream that is held back by a console's odd clock is behind, and says so. */
function healthOf(held: HeldStream, { clock, contentType }: Slice): 'ok' | 'behind' {
  // The past is not behind.
  if (held.stream.settings.until !== undefined) return 'ok';
  const lagMs = clock.now() - held.progress.watermark - contentType.settleMs;
  return lagMs > 2 * held.stream.settings.intervalMs ? 'behind' : 'ok';
}

/** Gives the stream back first and asks for more work then: the other way round, the message could meet our own lease. */
async function continueLater(held: HeldStream, slice: Slice): Promise<SliceOutcome> {
  const { id, settings } = held.stream;
  const now = slice.clock.now();
  const released = await held.release({
    nextDueAt: now + slice.claimMs,
    status: statusOf(held, slice, now),
  });
  if (!released) return { kind: 'lostLease' };
  const delaySeconds = settings.until === undefined ? 0 : pastRestSeconds;
  await slice.queue.send([{ version: 1, stream: id }], delaySeconds);
  return { kind: 'more' };
}
