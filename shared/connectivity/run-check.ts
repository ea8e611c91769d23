import { ConnectorError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { type Finding, failed, noAnswerInTime } from './finding.ts';
import type { Check } from './report.ts';

/** What all checks of a test share. */
export interface TestFrame {
  readonly clock: Clock;
  /** Aborted when the time of the test is up. */
  readonly signal: AbortSignal;
}

/**
 * Makes a check of a question. A `ConnectorError` is a failed check, and so is what is not answered when the time is up;
 * whatever else is thrown is a bug or a broken infrastructure, and is thrown on.
 */
export async function runCheck(
  { clock, signal }: TestFrame,
  subject: Pick<Check, 'name' | 'contentType'>,
  ask: () => Promise<Finding>,
): Promise<Check> {
  const startedAt = clock.now();
  const finding = await findingOf(ask, signal);
  return { ...subject, ...finding, durationMs: clock.now() - startedAt };
}

async function findingOf(ask: () => Promise<Finding>, signal: AbortSignal): Promise<Finding> {
  try {
    return await inTime(ask, signal);
  } catch (error) {
    if (signal.aborted) return noAnswerInTime;
    if (error instanceof ConnectorError) return failed(error);
    throw error;
  }
}

/** What is asked, or the signal's reason as soon as it is aborted: not everything that is waited for knows the signal. */
export async function inTime<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([ask(), promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
