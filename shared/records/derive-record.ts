import type { ContentType } from '../content-types/content-type.ts';
import type { JsonObject } from '../json.ts';
import { derivedRecord } from './derived-record.ts';
import { normalizationErrorOf } from './normalization-error.ts';

/**
 * The second record that a content type makes from a record of its log, or undefined where it makes none. Never
 * throws: where the derivation fails, the record itself with `normalization_error` takes its place, under the same
 * `record_uid` that the derived record would have.
 */
export function deriveRecord(contentType: ContentType, record: JsonObject): JsonObject | undefined {
  const { derived, index } = contentType;
  if (!derived) return undefined;
  try {
    return derived.derive(record);
  } catch (error) {
    return derivedRecord(
      record,
      { from: index, to: derived.index },
      { normalization_error: normalizationErrorOf(error) },
    );
  }
}
