import type { RecordLine } from '../engine/log-entry.ts';
import type { Json, JsonObject } from '../json.ts';
import { copyFields } from './copy-fields.ts';

/**
 * A record's line. V8 parses deeper nesting than it can write; such a record is written without its deepest field rather
 * than stopping its stream for ever.
 */
export function recordLine(record: JsonObject): RecordLine {
  return textOf(record) ?? withoutDeepest(record);
}

/**
 * The line of a record that was derived from `record`, the same as `recordLine` gives. What the two end with in common,
 * nearly all of them, is taken from the line that is there already: it need not be written a second time.
 */
export function derivedLine(derived: JsonObject, record: JsonObject, line: RecordLine): RecordLine {
  const own = Object.keys(derived);
  const others = Object.keys(record);
  while (
    own.length > 0 &&
    own.at(-1) === others.at(-1) &&
    derived[own.at(-1) ?? ''] === record[own.at(-1) ?? '']
  ) {
    own.pop();
    others.pop();
  }
  const beginning = beginningOf(derived, own);
  const known = beginningOf(record, others);
  return beginning !== undefined && known !== undefined && line.startsWith(`${known},`)
    ? `${beginning}${line.slice(known.length)}`
    : recordLine(derived);
}

/** A line up to the comma after the last of these fields; undefined where there is nothing before it. */
function beginningOf(record: JsonObject, names: readonly string[]): string | undefined {
  const text = textOf(copyFields({}, record, names));
  return text === '{}' ? undefined : text?.slice(0, -1);
}

function withoutDeepest(record: JsonObject): RecordLine {
  const writable = Object.entries(record).filter(([, value]) => textOf(value) !== undefined);
  const normalization_error = 'A field was left out: it is nested too deeply to be written.';
  return JSON.stringify({ ...Object.fromEntries(writable), normalization_error });
}

/** Undefined for what is nested too deeply. */
function textOf(value: Json | undefined): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
