import type { ContentType, RecordSource } from '../content-types/content-type.ts';
import type { Json, JsonObject } from '../json.ts';
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
 * Envelope, normalised fields and the vendor's object in one record. The envelope wins over both. Of a normalised and a vendor
 * field of one name the vendor's wins, unless it is null or of another kind: a field is a text in all records or an object in
 * all, or no table and no index could hold them. What gives way is kept under `sentinelone`, so the vendor's object stays whole.
 */
export function joinRecord(envelope: JsonObject, normalized: JsonObject, vendor: JsonObject): JsonObject {
  const isKept = (name: string) => !isReserved(name) && !clashes(name, normalized, vendor);
  return {
    ...envelope,
    ...pick(normalized, (name) => !isReserved(name) && (!Object.hasOwn(vendor, name) || !isKept(name))),
    ...withOthersMoved(vendor, isKept),
  };
}

/** True for a name of the envelope. */
export function isReserved(name: string): boolean {
  return reservedNames.has(name);
}

function clashes(name: string, normalized: JsonObject, vendor: JsonObject): boolean {
  return (
    Object.hasOwn(normalized, name) &&
    Object.hasOwn(vendor, name) &&
    kindOf(normalized[name]) !== kindOf(vendor[name])
  );
}

function kindOf(value: Json | undefined): string {
  if (value === null || Array.isArray(value)) return value === null ? 'null' : 'list';
  return JSON.isRawJSON(value) ? 'number' : typeof value;
}

function withOthersMoved(vendor: JsonObject, isKept: (name: string) => boolean): JsonObject {
  const content = pick(vendor, isKept);
  return content === vendor ? vendor : { sentinelone: pick(vendor, (name) => !isKept(name)), ...content };
}

/** The fields whose names pass. */
function pick(fields: JsonObject, wanted: (name: string) => boolean): JsonObject {
  const names = Object.keys(fields);
  // Nearly always all of them pass, and this is done for every record.
  return names.every(wanted) ? fields : copyFields({}, fields, names.filter(wanted));
}
