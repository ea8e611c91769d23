import { agents } from '../../content-types/agents.ts';
import { alerts } from '../../content-types/alerts.ts';
import type { Json, JsonObject } from '../../json.ts';
import { fieldAt } from '../../records/json-fields.ts';
import type { Reason, TargetKind } from '../subject.ts';
import { isConsoleId } from './console-id.ts';
import {
  recordFieldInvalid,
  recordFieldMissing,
  recordIdsDiffer,
  recordOfOtherConnector,
} from './refusals.ts';

/** Whose record it has to be. */
export interface RecordOwner {
  readonly tenant: string;
  /** The connector's id within its tenant. */
  readonly id: string;
}

export interface RecordTarget {
  /** What was read from the record, for `Target.asked`: never the whole of it. */
  readonly asked: JsonObject;
  /** The id of an agent, threat or alert, by the action's kind; or why it has none that may be acted on. */
  readonly names: { readonly id: string } | { readonly reason: Reason };
}

/** Of records about threats, in lower case: the names that connectors for this vendor have written. */
const threatSources: readonly string[] = ['sentinelone_endpoint', 'sentinel_endpoint', 'sentinel'];

const idName: Readonly<Record<TargetKind, string>> = {
  agent: 'agentId',
  threat: 'threatId',
  alert: 'alertId',
};

/** Reads from an Interflow record what an action of this kind works on. Never throws, whatever the record holds. */
export function recordTarget(record: JsonObject, kind: TargetKind, owner: RecordOwner): RecordTarget {
  const names = namedBy(record, kind, owner);
  const uid = fieldAt(record, 'record_uid');
  return {
    asked: {
      record: {
        ...(isRecordUid(uid) ? { record_uid: uid } : {}),
        ...('id' in names ? { [idName[kind]]: names.id } : {}),
      },
    },
    names,
  };
}

/** True for a text that can be a `record_uid`; whatever else stands in its place is not kept. */
export function isRecordUid(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

function namedBy(record: JsonObject, kind: TargetKind, owner: RecordOwner): RecordTarget['names'] {
  const reason = foreign(record, owner) ?? (kind === 'threat' ? otherSource(record) : undefined);
  return reason === undefined ? idOf(record, placesOf(record, kind)) : { reason };
}

function foreign(record: JsonObject, owner: RecordOwner): Reason | undefined {
  if (isOther(fieldAt(record, 'tenantid'), owner.tenant)) return recordOfOtherConnector('tenantid');
  if (isOther(fieldAt(record, 'connector', 'id'), owner.id)) return recordOfOtherConnector('connector.id');
  return undefined;
}

function isOther(value: Json | undefined, wanted: string): boolean {
  return value !== undefined && value !== null && value !== wanted;
}

function otherSource(record: JsonObject): Reason | undefined {
  const source = fieldAt(record, 'msg_origin', 'source');
  if (source === undefined || source === null) return recordFieldMissing('msg_origin.source');
  if (typeof source === 'string' && threatSources.includes(source.toLowerCase())) return undefined;
  return recordFieldInvalid('msg_origin.source', `must be one of: ${threatSources.join(', ')}`);
}

/** Where records of a class tell the id; a class that is not known here tells it as threats do. */
function placesOf(record: JsonObject, kind: TargetKind): readonly (readonly [string, ...string[]])[] {
  if (kind === 'threat') return [['threatInfo', 'threatId']];
  if (kind === 'alert') return [['alertInfo', 'alertId']];
  switch (fieldAt(record, 'msg_class')) {
    case agents.msgClass:
      return [['id'], ['agentRealtimeInfo', 'agentId']];
    case alerts.msgClass:
      return [
        ['agentRealtimeInfo', 'id'],
        ['agentRealtimeInfo', 'agentId'],
      ];
    default:
      return [['agentRealtimeInfo', 'agentId']];
  }
}

function idOf(
  record: JsonObject,
  places: readonly (readonly [string, ...string[]])[],
): RecordTarget['names'] {
  const filled = places.filter((place) => (fieldAt(record, ...place) ?? null) !== null);
  const fields = filled.map((place) => place.join('.'));
  const ids = filled.map((place) => fieldAt(record, ...place));
  const [field] = fields;
  const [id] = ids;
  if (field === undefined) return { reason: recordFieldMissing(places[0]?.join('.') ?? 'id') };
  // Not a number: JSON's numbers lose the last digits of an id, and what is left may be the id of another endpoint.
  if (typeof id !== 'string' || !isConsoleId(id))
    return { reason: recordFieldInvalid(field, 'must be an id of the console: digits, as a text') };
  if (ids.some((other) => other !== id)) return { reason: recordIdsDiffer(fields) };
  return { id };
}
