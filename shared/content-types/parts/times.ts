import type { JsonObject } from '../../json.ts';
import { fieldAt } from '../../records/json-fields.ts';
import { knownTime } from '../../records/known-time.ts';
import { parseConsoleTime } from '../../sentinelone/console-time.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/**
 * Reads the time at a path of a record, as the console compares it, so for sort keys: epoch milliseconds, or undefined where
 * there is none.
 */
export function timeAt(...path: readonly string[]): (record: JsonObject) => number | undefined {
  return (record) => parseConsoleTime(fieldAt(record, ...path));
}

/** Reads when something happened: the time at a path of a record, or undefined where it is none or stands for none (1970, 2185). */
export function eventTimeAt(...path: readonly string[]): (record: JsonObject) => number | undefined {
  return (record) => knownTime(parseConsoleTime(fieldAt(record, ...path)));
}
