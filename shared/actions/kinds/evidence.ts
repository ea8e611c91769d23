import { isObject, type Json, type JsonObject } from '../../json.ts';
import { fieldAt } from '../../records/json-fields.ts';
import { formatConsoleTime, parseConsoleTime } from '../../sentinelone/console-time.ts';
import type { Activity } from '../action-type.ts';
import type { Evidence } from '../subject.ts';

/** Where a field is seen. */
export interface FieldSeen {
  readonly source: Evidence['source'];
  readonly record: JsonObject;
  /** In dots. */
  readonly field: string;
  /** In dots: the field that says when the value came about; absent where none does. */
  readonly timeField?: string;
}

/** What a field of a record shows; null for what is missing or no plain value. */
export function fieldEvidence({ source, record, field, timeField }: FieldSeen): Evidence {
  return {
    source,
    field,
    value: plainValue(fieldAt(record, ...field.split('.'))),
    ...timeOf(timeField === undefined ? undefined : fieldAt(record, ...timeField.split('.'))),
  };
}

/** What an entry of the console's activity log shows. */
export function activityEvidence({ id, type, createdAt, record }: Activity): Evidence {
  return {
    source: 'activity',
    field: 'activityType',
    value: type,
    consoleTime: timeOf(record['createdAt']).consoleTime ?? formatConsoleTime(createdAt),
    id,
  };
}

/** The time as the console wrote it, microseconds and all; nothing where it is no time. */
export function timeOf(value: Json | undefined): { readonly consoleTime?: string } {
  return typeof value === 'string' && parseConsoleTime(value) !== undefined ? { consoleTime: value } : {};
}

function plainValue(value: Json | undefined): Evidence['value'] {
  if (value === undefined || value === null) return null;
  if (JSON.isRawJSON(value)) return value.rawJSON;
  return isObject(value) || Array.isArray(value) ? null : (value as string | number | boolean);
}
