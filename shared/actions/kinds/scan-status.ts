import type { JsonObject } from '../../json.ts';
import { enumAt, presentFields, textAt } from '../../records/json-fields.ts';
import type { Evidence, Subject } from '../subject.ts';
import { fieldEvidence } from './evidence.ts';

/** `none`, `started`, `aborted`, `finished`; undefined where the console does not tell. */
export function scanStatus({ record }: Subject): string | undefined {
  return enumAt(record, 'scanStatus');
}

const timeFields = ['scanStartedAt', 'scanFinishedAt', 'scanAbortedAt'] as const;
type ScanTime = (typeof timeFields)[number];

/** What of earlier scans has to be told apart from the next one. */
export function scanBefore({ record }: Subject): JsonObject {
  return presentFields({
    scanStatus: textAt(record, 'scanStatus'),
    ...Object.fromEntries(timeFields.map((field) => [field, textAt(record, field)])),
  });
}

/** True where the console shows another time than before. Only that it differs counts: the times may be the agent's. */
export function hasMoved({ record }: Subject, before: JsonObject, field: ScanTime): boolean {
  const now = textAt(record, field);
  return now !== undefined && now !== textAt(before, field);
}

/** The scan's state, with the time at which it came about. */
export function scanEvidence({ record }: Subject, timeField?: ScanTime): Evidence {
  return fieldEvidence({
    source: 'agent',
    record,
    field: 'scanStatus',
    ...(timeField === undefined ? {} : { timeField }),
  });
}
