import type { ContentType, RecordSource } from '../content-types/content-type.ts';
import type { JsonObject } from '../json.ts';
import { copyFields } from './copy-fields.ts';

const source = 'sentinelone_endpoint';

/**
 * Names that no vendor field and no normalised field can take: who a record belongs to, where it comes from and
 * what it points at is said by us alone. A vendor field of such a name is kept under `sentinelone`.
 */
const reservedNames: ReadonlySet<string> = new Set([
  'msg_origin',
  'msg_class',
  'tenantid',
  'tenant_name',
  'timestamp',
  'write_time',
  'connector',
  'record_uid',
  'orig_id',
  'orig_index',
  'normalization_error',
  'sentinelone',
]);

/** What every record begins with. `timestamp` and `write_time` in epoch milliseconds. */
export function envelopeOf(
  contentType: ContentType,
  from: RecordSource,
  timestamp: number,
  recordUid: string,
): JsonObject {
  return {
    msg_origin: {
      source,
      vendor: 'sentinelone',
      category: 'endpoint',
      processor: { name: source, type: 'log_collector' },
    },
    msg_class: contentType.msgClass,
    tenantid: from.stream.tenant,
    tenant_name: from.settings.tenantName,
    timestamp,
    write_time: from.writeTime,
    connector: {
      id: from.stream.connector,
      name: from.settings.connectorName,
      host_url: from.hostUrl,
    },
    record_uid: recordUid,
  };
}

/**
 * Envelope, normalised fields and the vendor's object in one record. The envelope wins over both; the vendor's
 * field wins over a normalised one of the same name, so that the vendor's object stays whole.
 */
export function joinRecord(envelope: JsonObject, normalized: JsonObject, vendor: JsonObject): JsonObject {
  return {
    ...envelope,
    ...pick(normalized, (name) => !isReserved(name) && !Object.hasOwn(vendor, name)),
    ...withReservedMoved(vendor),
  };
}

/** True for a name of the envelope. */
export function isReserved(name: string): boolean {
  return reservedNames.has(name);
}

function withReservedMoved(vendor: JsonObject): JsonObject {
  const content = pick(vendor, (name) => !isReserved(name));
  return content === vendor ? vendor : { sentinelone: pick(vendor, isReserved), ...content };
}

/** The fields whose names pass. */
function pick(fields: JsonObject, wanted: (name: string) => boolean): JsonObject {
  const names = Object.keys(fields);
  // Nearly always all of them pass, and this is done for every record.
  return names.every(wanted) ? fields : copyFields({}, fields, names.filter(wanted));
}
