import { type Recent, recentAt } from '../engine/recent.ts';
import type { Stream, StreamStatus } from '../engine/stream.ts';
import type { State } from './state.ts';

/** What happened to a content type of a connector last, and what to do about it. Times in epoch milliseconds. */
export interface ContentTypeStatus {
  readonly contentType: string;
  readonly state: State;
  /** When it came into this state. */
  readonly since: number;
  /** Everything from the connector's beginning to this time is in the lake. */
  readonly watermark: number;
  /** How far that is behind the present. */
  readonly lagMs: number;
  /** While a backlog is read: this far, from some time behind the watermark on, new data is in the lake too. */
  readonly newDataUntil?: number;
  readonly lastSuccessAt?: number;
  /** When a record was last written. */
  readonly lastDataAt?: number;
  /** Since the connector was created. */
  readonly records: number;
  readonly filtered: number;
  readonly filteredBy?: Readonly<Record<string, number>>;
  readonly windows: number;
  /** How often the console or the network made it wait. */
  readonly throttled: number;
  /** Of the clock hours and days (UTC) that the present lies in, and of those before. */
  readonly recent: Omit<Recent, 'hour' | 'day'>;
  readonly error?: StatusError;
  /** When it is worked on next; absent where it is paused, or being worked on. */
  readonly nextRunAt?: number;
}

export interface StatusError {
  readonly code: string;
  readonly message: string;
  readonly recommendation: string;
  /** The console's own: a 503 is a 503. */
  readonly httpStatus?: number;
  readonly failures: number;
}

/** Over the time that a claim or a lease takes, a stream that is due may wait without anything being wrong. */
const patienceMs = 20 * 60_000;

/** @param now epoch milliseconds */
export function contentTypeStatus(stream: Stream, settleMs: number, now: number): ContentTypeStatus {
  const { id, watermark, ahead, totals, status, nextDueAt, leaseUntil } = stream;
  const { hour: _, day: __, ...recent } = recentAt(totals.recent, now);
  const { state, since, error } = judged(stream, settleMs, now);
  const isPlanned = state !== 'paused' && leaseUntil <= now;
  return {
    contentType: id.contentType,
    state,
    since,
    watermark,
    lagMs: Math.max(0, now - watermark),
    ...(ahead === undefined ? {} : { newDataUntil: ahead.to }),
    ...(status.lastSuccessAt === undefined ? {} : { lastSuccessAt: status.lastSuccessAt }),
    records: totals.records,
    filtered: totals.filtered,
    ...(totals.filteredBy === undefined ? {} : { filteredBy: totals.filteredBy }),
    windows: totals.windows,
    throttled: totals.throttled,
    ...(totals.lastDataAt === undefined ? {} : { lastDataAt: totals.lastDataAt }),
    recent,
    ...(error === undefined ? {} : { error }),
    ...(nextDueAt !== undefined && isPlanned ? { nextRunAt: Math.max(nextDueAt, now) } : {}),
  };
}

interface Judgement {
  readonly state: State;
  readonly since: number;
  readonly error?: StatusError;
}

/** What the last slice said, unless there is reason to think that none has spoken since. */
function judged(stream: Stream, settleMs: number, now: number): Judgement {
  const { status, pausedAt, watermark, settings, nextDueAt, leaseUntil, fence } = stream;
  if (pausedAt !== undefined) return { state: 'paused', since: pausedAt };
  const { code, message = '', recommendation = '', httpStatus, failures } = status;
  const error =
    code === undefined
      ? {}
      : {
          error: {
            code,
            message,
            recommendation,
            ...(httpStatus === undefined ? {} : { httpStatus }),
            failures,
          },
        };
  // The due time is moved by whoever takes the stream, so one that lies far back has been seen by nobody.
  if (nextDueAt !== undefined && now - nextDueAt > patienceMs)
    return { state: 'behind', since: nextDueAt + patienceMs, error: nobodyWorks };
  const silentFrom = wordExpectedAt(stream) + patienceMs;
  if (leaseUntil <= now && silentFrom < now)
    return { state: 'behind', since: silentFrom, error: nobodySpeaks(lastWordAt(status)) };
  if (status.health !== 'ok') return { state: status.health, since: status.since, ...error };
  if (fence === 0) return { state: 'starting', since: status.since, ...error };
  const behindFrom = watermark + settleMs + 2 * settings.intervalMs + patienceMs;
  if (behindFrom < now) return { state: 'behind', since: behindFrom, ...error };
  return { state: 'ok', since: status.since, ...error };
}

/**
 * When the next slice will have ended, if it takes no time. The due time does not tell: the fan-out moves it with every message,
 * whether a worker lives or not.
 */
function wordExpectedAt({ status, settings, fence }: Stream): number {
  const intervalMs = fence === 0 ? 0 : settings.intervalMs;
  return Math.max(lastWordAt(status) + intervalMs, status.nextTryAt ?? 0);
}

function lastWordAt({ at, lastSuccessAt = 0 }: StreamStatus): number {
  return Math.max(at, lastSuccessAt);
}

const nobodyWorks: StatusError = {
  code: 'not_worked_on',
  message: 'It has been due for more than 20 minutes, and no worker has taken it.',
  recommendation:
    'Look at the schedule and the log of the function fan-out, and at the work queue: whether messages wait there, and whether the function worker runs or is throttled.',
  failures: 0,
};

function nobodySpeaks(lastWord: number): StatusError {
  return {
    ...nobodyWorks,
    message: `No worker has left a word about it since ${new Date(lastWord).toISOString()}.`,
    recommendation:
      'Just after a pause, wait for the next slice. Else look at the work queue and its dead-letter queue, and whether the function worker runs, is throttled or fails as soon as it starts.',
  };
}
