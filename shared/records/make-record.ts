import type { ContentType, RecordSource } from '../content-types/content-type.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { envelopeOf, joinRecord } from './envelope.ts';
import { knownTime } from './known-time.ts';
import { maskSecrets } from './mask-secrets.ts';
import { normalizationErrorOf } from './normalization-error.ts';
import { rawRecordUid, recordUid } from './record-uid.ts';

/**
 * The Interflow record of one vendor object: envelope, normalised fields, and the vendor's object whole at top
 * level. What cannot be normalised becomes a raw record: the envelope with `normalization_error`, and the vendor's
 * object whole, or under `raw` where it is no object. Never throws, and never drops anything but the secrets of a
 * content type that has them.
 *
 * `timestamp` is the event's time in epoch milliseconds, else the sort key's, else the write time; see `knownTime`.
 */
export function makeRecord(contentType: ContentType, received: Json, source: RecordSource): JsonObject {
  const vendor = contentType.hasSecrets ? maskSecrets(received) : received;
  if (!isObject(vendor)) return rawRecord(contentType, vendor, source, 'The console sent no object.');
  try {
    const uid = recordUid(
      contentType.msgClass,
      source.stream.tenant,
      contentType.identity(vendor, source.window),
    );
    const timestamp = timeOf(contentType, vendor) ?? source.writeTime;
    return joinRecord(envelopeOf(contentType, source, timestamp, uid), contentType.normalize(vendor), vendor);
  } catch (error) {
    return rawRecord(contentType, vendor, source, normalizationErrorOf(error));
  }
}

function rawRecord(contentType: ContentType, vendor: Json, source: RecordSource, reason: string): JsonObject {
  const uid = rawRecordUid(contentType.msgClass, source.stream.tenant, vendor);
  const timestamp = isObject(vendor) ? rawTimeOf(contentType, vendor) : undefined;
  const envelope = {
    ...envelopeOf(contentType, source, timestamp ?? source.writeTime, uid),
    normalization_error: reason,
  };
  return isObject(vendor) ? joinRecord(envelope, {}, vendor) : { ...envelope, raw: vendor };
}

function timeOf(contentType: ContentType, vendor: JsonObject): number | undefined {
  return knownTime(contentType.eventTime(vendor)) ?? knownTime(contentType.reading.sortKey(vendor));
}

/** A raw record tells its first failure; a time that fails as well only costs it the better time stamp. */
function rawTimeOf(contentType: ContentType, vendor: JsonObject): number | undefined {
  try {
    return timeOf(contentType, vendor);
  } catch {
    return undefined;
  }
}
