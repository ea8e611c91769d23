import { micros } from '../../world/micro-time.ts';
import type { UnifiedAlerts } from '../../world/unified-alerts.ts';

/** What alerts can be filtered and sorted by, with the value of a row. */
export type AlertField =
  /** Epoch milliseconds. */
  | { readonly kind: 'time'; readonly get: (row: number) => number | null }
  | { readonly kind: 'text'; readonly get: (row: number) => string | null }
  | { readonly kind: 'flag'; readonly get: (row: number) => boolean };

/** The fields by their `fieldId`. */
export function alertFields(alerts: UnifiedAlerts): Readonly<Record<string, AlertField>> {
  const record = (row: number) => alerts.timeline.revisions.record(row);
  const facts = (row: number) => alerts.facts(record(row));
  const time = (us: (row: number) => number | null): AlertField => ({
    kind: 'time',
    get: (row) => {
      const value = us(row);
      return value === null ? null : value / micros.millisecond;
    },
  });
  const text = (get: (row: number) => string | null): AlertField => ({ kind: 'text', get });
  return {
    detectedAt: time((row) => facts(row).detectedUs),
    createdAt: time((row) => alerts.createdUs(record(row))),
    updatedAt: time(alerts.updatedUs),
    firstSeenAt: time((row) => facts(row).firstSeenUs),
    lastSeenAt: time(alerts.lastSeenUs),
    id: text((row) => alerts.id(record(row))),
    externalId: text((row) => facts(row).externalId),
    name: text((row) => facts(row).name),
    status: text((row) => alerts.state(row).status),
    severity: text((row) => facts(row).severity),
    analystVerdict: text((row) => alerts.state(row).analystVerdict),
    classification: text((row) => facts(row).classification),
    confidenceLevel: text((row) => facts(row).confidenceLevel),
    detectionProduct: text((row) => facts(row).origin.product),
    detectionVendor: text((row) => facts(row).origin.vendor),
    assetName: text((row) => alerts.host(record(row)).computerName),
    noteExists: { kind: 'flag', get: (row) => alerts.state(row).noteExists },
  };
}
