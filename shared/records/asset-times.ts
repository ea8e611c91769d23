import type { Json, JsonObject } from '../json.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import { presentFields } from './json-fields.ts';
import { knownTime } from './known-time.ts';

/** Time stamps of the console. */
export interface AssetTimes {
  readonly start?: Json | undefined;
  /** Where `start` is none. */
  readonly elseStart?: Json | undefined;
  readonly lastSeen?: Json | undefined;
}

/** Since when an asset is there and when it was last seen: epoch milliseconds, and as text for people. */
export function assetTimes({ start, elseStart, lastSeen }: AssetTimes): JsonObject {
  const startTime = timeOf(start) ?? timeOf(elseStart);
  const lastSeenTime = timeOf(lastSeen);
  return presentFields({
    start_time: startTime,
    start_time_date: dateText(startTime),
    last_seen: lastSeenTime,
    last_seen_date: dateText(lastSeenTime),
  });
}

function timeOf(stamp: Json | undefined): number | undefined {
  return knownTime(parseConsoleTime(stamp));
}

function dateText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
