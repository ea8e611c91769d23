import type { LakeIndex } from '../engine/log-entry.ts';
import { isObject, type JsonObject } from '../json.ts';
import { copyFields } from './copy-fields.ts';
import { isReserved } from './envelope.ts';
import { fieldAt } from './json-fields.ts';
import { derivedRecordUid } from './record-uid.ts';

/** From which index a record is taken, and for which one the derived record is made. */
export interface Derivation {
  readonly from: LakeIndex;
  readonly to: LakeIndex;
}

/**
 * The same record in another index: its own `record_uid`, a pointer to the record it was made from (`orig_id`,
 * `orig_index`), the `fields` of that index, and everything else unchanged. In the new index the names of `fields`
 * are taken; a vendor field of such a name is kept under `sentinelone`.
 */
export function derivedRecord(record: JsonObject, derivation: Derivation, fields: JsonObject): JsonObject {
  const names = Object.keys(record);
  const content = names.filter((name) => !isReserved(name));
  const isTaken = (name: string) => Object.hasOwn(fields, name);
  const origin = fieldAt(record, 'record_uid');
  const sentinelone = fieldAt(record, 'sentinelone');
  const moved = copyFields(isObject(sentinelone) ? { ...sentinelone } : {}, record, content.filter(isTaken));
  const head = copyFields(
    {},
    record,
    names.filter((name) => isReserved(name) && name !== 'sentinelone'),
  );
  const derived = Object.assign(
    head,
    {
      record_uid: derivedRecordUid(derivation.to, origin ?? null),
      ...(origin === undefined ? {} : { orig_id: origin }),
      orig_index: derivation.from,
    },
    fields,
    Object.keys(moved).length === 0 ? {} : { sentinelone: moved },
  );
  return copyFields(
    derived,
    record,
    content.filter((name) => !isTaken(name)),
  );
}
