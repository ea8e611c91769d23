import type { ContentType, Derived } from '../content-types/content-type.ts';
import type { JsonObject } from '../json.ts';
import { derivedRecord } from './derived-record.ts';
import { isTrueAt } from './json-fields.ts';
import { normalizationErrorOf } from './normalization-error.ts';

/**
 * The second record that a content type makes from a record of its log, or undefined where it makes none. `options` are what
 * the connector says about the content type. Never throws: where the derivation fails, the record itself with `normalization_error` takes its place, under the same
 * `record_uid` that the derived record would have.
 */
export function deriveRecord(
  contentType: Pick<ContentType, 'derived' | 'index'>,
  record: JsonObject,
  options: JsonObject = noOptions,
): JsonObject | undefined {
  const { derived, index } = contentType;
  if (!derived || !isDerived(derived, options)) return undefined;
  try {
    return derived.derive(record, options);
  } catch (error) {
    return derivedRecord(
      record,
      { from: index, to: derived.index },
      { normalization_error: normalizationErrorOf(error) },
    );
  }
}

const noOptions: JsonObject = {};

/** True unless the connector would have to ask for it and does not. */
export function isDerived({ switchedOnBy }: Derived, options: JsonObject): boolean {
  return switchedOnBy === undefined || isTrueAt(options, switchedOnBy);
}
