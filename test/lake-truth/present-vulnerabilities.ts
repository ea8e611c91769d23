import type { JsonObject } from '../../shared/json.ts';
import { vulnerabilityKey } from '../../shared/records/vulnerability-fields.ts';

/** What is there now, by endpoint, application, version and CVE, sorted: the newest record of each, unless it was removed. */
export function presentVulnerabilities(records: readonly JsonObject[]): readonly string[] {
  const newest = new Map<string, JsonObject>();
  for (const record of records) newest.set(JSON.stringify(vulnerabilityKey(record)), record);
  return [...newest].flatMap(([key, { status }]) => (status === 'Removed' ? [] : [key])).sort();
}
