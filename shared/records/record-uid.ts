import { hash } from 'node:crypto';
import type { RecordIdentity } from '../content-types/content-type.ts';
import type { LakeIndex } from '../engine/log-entry.ts';
import type { Json } from '../json.ts';

/** Raised when records change so much that an old and a new one of the same revision are not the same record. */
const schemaMajor = 1;

/** The uid of one revision of one record: the same whenever and by whomever it is read. 32 hex digits. */
export function recordUid(msgClass: string, tenant: string, identity: RecordIdentity): string {
  return uidOf([schemaMajor, msgClass, tenant, identity.id, identity.revision]);
}

/** The uid of something that has no identity: only the same text is the same record. */
export function rawRecordUid(msgClass: string, tenant: string, vendor: Json): string {
  return uidOf([schemaMajor, msgClass, tenant, jsonTextOf(vendor)]);
}

/** The uid of the record that is derived from the one with the uid `origin` for another index. */
export function derivedRecordUid(index: LakeIndex, origin: Json): string {
  return uidOf([schemaMajor, index, jsonTextOf(origin)]);
}

/**
 * JSON text is unambiguous where joined text is not (`a|b` + `c` and `a` + `b|c`), and it escapes lone surrogates,
 * which UTF-8 would all turn into the same replacement character. The three kinds of uid differ in length.
 */
function uidOf(parts: readonly Json[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 32);
}

function jsonTextOf(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Nested thousands of levels deep: what can be parsed cannot always be written. The names must do.
    return JSON.stringify(['unwritable', ...Object.keys(Object(value))]);
  }
}
