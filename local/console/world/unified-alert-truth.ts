import { Kind, parse, type SelectionSetNode } from 'graphql';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { unifiedAlertSelection } from '../../../shared/sentinelone/unified-alert-selection.ts';
import { formatMicros, micros } from './micro-time.ts';
import type { TruthSource } from './truth.ts';

/**
 * The revisions of alerts, each with the time by which it is read, and with the fields that the product asks for: GraphQL answers
 * no others. Informational alerts belong to it, although no list shows them that is not asked for them.
 */
export const unifiedAlertTruth: TruthSource = function* (world, { fromMs, toMs, atMs }) {
  const alerts = world.unifiedAlerts;
  const { revisions } = alerts.timeline;
  const shown = world.shown(alerts, atMs);
  const [fromUs, toUs] = [fromMs * micros.millisecond, toMs * micros.millisecond];
  const rows = shown.rows({ fromUs, toUs: toUs + micros.millisecond });
  for (let row = rows.from; row < rows.to; row++) {
    const record = revisions.record(row);
    const us = alerts.updatedUs(row) ?? alerts.createdUs(record);
    if (us < fromUs || us >= toUs) continue;
    yield {
      id: alerts.id(record),
      time: formatMicros(us),
      current: shown.isShown(row),
      record: selected(alerts.body(row), selection()),
    };
  }
};

let parsed: SelectionSetNode | undefined;

function selection(): SelectionSetNode {
  if (parsed !== undefined) return parsed;
  const [operation] = parse(`{ ${unifiedAlertSelection} }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The selection is no operation.');
  parsed = operation.selectionSet;
  return parsed;
}

/** The fields of an object that a selection names, and of theirs the same. */
function selected(body: JsonObject, { selections }: SelectionSetNode): JsonObject {
  const fields: Record<string, Json> = {};
  for (const field of selections) {
    if (field.kind !== Kind.FIELD) throw new Error('The selection holds something else than fields.');
    const value = body[field.name.value];
    if (value !== undefined)
      fields[field.name.value] = field.selectionSet === undefined ? value : within(value, field.selectionSet);
  }
  return fields;
}

function within(value: Json, selections: SelectionSetNode): Json {
  if (Array.isArray(value)) return value.map((item) => within(item, selections));
  return isObject(value) ? selected(value, selections) : value;
}
