import type { ContentType, RecordSource } from '../content-types/content-type.ts';
import type { JsonObject } from '../json.ts';

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
    ...pick(normalized, (name) => !reservedNames.has(name) && !Object.hasOwn(vendor, name)),
    ...withReservedMoved(vendor),
  };
}

/** The two halves of an object: what stands under a reserved name, and the rest. */
export function splitRecord(record: JsonObject): {
  readonly envelope: JsonObject;
  readonly content: JsonObject;
} {
  return {
    envelope: pick(record, (name) => reservedNames.has(name)),
    content: pick(record, (name) => !reservedNames.has(name)),
  };
}

function withReservedMoved(vendor: JsonObject): JsonObject {
  const content = pick(vendor, (name) => !reservedNames.has(name));
  return content === vendor ? vendor : { sentinelone: splitRecord(vendor).envelope, ...content };
}

/** The fields whose names pass. Built from entries because an assignment would lose a field `__proto__`. */
export function pick(fields: JsonObject, wanted: (name: string) => boolean): JsonObject {
  // Nearly always all of them pass, and this is done for every record.
  if (Object.keys(fields).every(wanted)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => wanted(name)));
}
