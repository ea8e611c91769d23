import type { Json, JsonObject } from '../../../shared/json.ts';
import type { EventField, FieldValue, Moment } from './endpoint-event-field.ts';
import { formatMicros, micros } from './micro-time.ts';

/** Deep Visibility writes these as booleans, and every other boolean and number as a string. */
const realBooleans: ReadonlySet<string> = new Set([
  'agentInfected',
  'agentIsActive',
  'agentIsDecommissioned',
  'hasParent',
]);

/** The zero of Windows' clock, the first of January 1601, which the data lake answers for an unknown time. */
const fileTimeZeroMs = -11_644_473_600_000;

export function deepVisibilityRecord(fields: readonly EventField[], isVerbose: boolean): JsonObject {
  const record: Record<string, Json> = {};
  for (const { deepVisibility: name, value, isPriority } of fields) {
    if (name === undefined || !(isPriority || isVerbose)) continue;
    record[name] = realBooleans.has(name) && typeof value === 'boolean' ? value : asText(value);
  }
  return record;
}

function asText(value: FieldValue): string | null {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object')
    return value === null || value.us === null ? null : formatMicros(value.us, 3);
  return String(value);
}

/** A row of the data lake: `timestamp` in nanoseconds as a string, and the fields that have a value. */
export function dataLakeRecord(fields: readonly EventField[], us: number): JsonObject {
  const record: Record<string, Json> = { timestamp: nanoseconds(us) };
  for (const { dataLake: name, value } of fields) {
    if (name === undefined || value === null) continue;
    record[name] = typeof value === 'object' ? milliseconds(value) : value;
  }
  return record;
}

function milliseconds({ us }: Moment): number {
  return us === null ? fileTimeZeroMs : Math.floor(us / micros.millisecond);
}

/** Microseconds as nanoseconds, digit by digit: no double holds them. */
export function nanoseconds(us: number): string {
  return String(BigInt(us) * 1_000n);
}
