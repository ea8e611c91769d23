import type { RecordLine } from '../engine/log-entry.ts';
import type { Json, JsonObject } from '../json.ts';

/**
 * A record's line. V8 parses deeper nesting than it can write; such a record is written without its deepest field rather
 * than stopping its stream for ever.
 */
export function recordLine(record: JsonObject): RecordLine {
  try {
    return JSON.stringify(record);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const writable = Object.entries(record).filter(([, value]) => canBeWritten(value));
    const normalization_error = 'A field was left out: it is nested too deeply to be written.';
    return JSON.stringify({ ...Object.fromEntries(writable), normalization_error });
  }
}

function canBeWritten(value: Json | undefined): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
