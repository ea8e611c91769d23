import { setTimeout as delay } from 'node:timers/promises';
import { contentType } from '../../shared/content-types/registry.ts';
import { type Stream, streamName } from '../../shared/engine/stream.ts';
import { compareStream } from '../lake-truth/compare.ts';
import { lakeOnDisk } from '../lake-truth/read-lake.ts';
import type { RunningScenario } from './scenario.ts';
import type { SoakCommand } from './soak-command.ts';

const pollMs = 500;

export interface SettleOptions {
  /** Everything before this time is to be in the lake; epoch milliseconds. */
  readonly target: number;
  /** Not longer than until then. */
  readonly until: number;
  readonly interrupted: AbortSignal;
}

/**
 * Waits until every stream is complete up to the target. A stream that was told to wait past the end, as a console may by
 * Retry-After, is made due as its owner would.
 * @returns how many were made due
 */
export async function settle(
  command: SoakCommand,
  { target, until, interrupted }: SettleOptions,
): Promise<number> {
  // By stream and planned time: a plan is overruled once.
  const madeDue = new Set<string>();
  for (;;) {
    const streams = await command.call('streams');
    if (streams.every(({ watermark }) => watermark >= target) || Date.now() >= until) return madeDue.size;
    for (const { id, watermark, leaseUntil, nextDueAt = 0, status } of streams) {
      const { nextTryAt = 0 } = status;
      const plan = `${streamName(id)} ${nextTryAt}`;
      if (watermark >= target || nextTryAt < until || madeDue.has(plan)) continue;
      // A worker has it, a message is under way, or it was made due already.
      if (leaseUntil > Date.now() || nextDueAt !== nextTryAt) continue;
      madeDue.add(plan);
      await command.call('makeDue', id);
    }
    await delay(pollMs, undefined, { signal: interrupted });
  }
}

/** What is in the lake, and what is wrong with it. */
export interface Verdict {
  readonly records: number;
  /** Revisions that the consoles show and that must be in the lake. */
  readonly required: number;
  readonly problems: readonly string[];
}

/** Compares every stream with its console. Nothing may move any more. */
export async function judge(
  streams: readonly Stream[],
  scenario: RunningScenario,
  where: { readonly lakeDir: string; readonly target: number },
): Promise<Verdict> {
  const problems: string[] = [];
  let records = 0;
  let required = 0;
  for (const { connector } of scenario.connectors) {
    for (const id of connector.contentTypes) {
      const name = `${connector.tenant}/${connector.id}/${id}`;
      const stream = streams.find((candidate) => streamName(candidate.id) === name);
      if (stream === undefined) {
        problems.push(`${name}: the stream is gone`);
        continue;
      }
      const { watermark, status, totals } = stream;
      if (watermark < where.target) {
        const state = `${status.health} after ${status.failures} failures, next try ${isoTime(stream.nextDueAt)}`;
        problems.push(`${name}: complete only up to ${isoTime(watermark)} (${state})`);
      }
      const truth = scenario
        .consoleOf(connector)
        .truth(id === 'agents' ? 'agents' : 'threats', connector.since, Date.now());
      const compared = { ...stream.id, since: connector.since, watermark };
      const comparison = await compareStream(lakeOnDisk(where.lakeDir), compared, truth);
      problems.push(...comparison.problems.map((problem) => `${name}: ${problem}`));
      // A batch that was written and not committed is in the lake and not counted yet.
      if (comparison.ahead === 0 && comparison.lines !== totals.records)
        problems.push(`${name}: ${comparison.lines} records in the lake, ${totals.records} counted`);
      records += comparison.lines;
      required += comparison.required;
    }
  }
  return { records, required, problems };
}

function isoTime(epochMs: number | undefined): string {
  return epochMs === undefined ? 'never' : new Date(epochMs).toISOString();
}

/** The longest time that any stream's data need to settle, milliseconds. */
export function longestSettleMs(scenario: RunningScenario): number {
  const types = scenario.connectors.flatMap(({ connector }) => connector.contentTypes);
  return Math.max(...types.map((id) => contentType(id)?.settleMs ?? 0));
}
