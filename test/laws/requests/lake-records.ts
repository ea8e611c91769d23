import type { Draws } from '../../../local/console/world/random.ts';
import type { ContentType } from '../../../shared/content-types/content-type.ts';
import { contentType } from '../../../shared/content-types/registry.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { deriveRecord } from '../../../shared/records/derive-record.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { type Records, text } from './census.ts';
import type { AskedConnector } from './meaning.ts';

/** A record of the simulator as the connector writes it into the lake. */
export function lakeRecord(
  random: Draws,
  kind: keyof Records,
  vendor: JsonObject,
  { tenant, id }: AskedConnector,
): JsonObject {
  const type = known(kind);
  const record = makeRecord(type, vendor, {
    stream: { tenant, connector: id, contentType: kind },
    settings: { tenantName: tenant, connectorName: id, intervalMs: 300_000, siteIds: [], accountIds: [] },
    hostUrl: 'https://euce1-northwind.sentinelone.net',
    window: { from: 0, to: 1 },
    writeTime: 1,
  });
  // The alerts of the lake are made from its threats.
  const derived = random.chance(0.2) ? deriveRecord(type, record) : undefined;
  return derived ?? record;
}

/** The record as it comes out of a playbook that somebody has got wrong: other texts and shapes in the places that tell what it is. */
export function mangled(random: Draws, record: JsonObject, records: Records): JsonObject {
  const other = random.pick([
    () => text(random.pick(records.agents), 'id'),
    () => text(random.pick(records.threats), 'id'),
    () => text(random.pick(records.agents), 'computerName'),
  ])();
  const values: readonly Json[] = [
    ...[null, '', '*', ' ', 0, 1, true, [], {}, other, [other], { id: other }, Number(other)],
    ...[`${other},${other}`, ` ${other}`, `0${other}`, 'northwind', 'sentinelone_endpoint', 'sentinel'],
    ...['sentinelone_host', 'sentinelone_threat_detection', 'sentinelone_cloud_detection_alerts'],
  ];
  return withValue(record, random.pick(places), random.chance(0.2) ? undefined : random.pick(values));
}

const places: readonly (readonly [string, ...string[]])[] = [
  ['id'],
  ['agentRealtimeInfo', 'agentId'],
  ['agentRealtimeInfo', 'agentId'],
  ['agentRealtimeInfo', 'id'],
  ['threatInfo', 'threatId'],
  ['alertInfo', 'alertId'],
  ['msg_class'],
  ['msg_origin', 'source'],
  ['msg_origin'],
  ['tenantid'],
  ['connector', 'id'],
  ['agentRealtimeInfo'],
  ['threatInfo'],
  ['alertInfo'],
];

function withValue(
  record: JsonObject,
  [name, ...rest]: readonly [string, ...string[]],
  value: Json | undefined,
): JsonObject {
  const [next, ...others] = rest;
  const inner = record[name];
  if (next === undefined) return { ...record, [name]: value };
  return { ...record, [name]: withValue(isObject(inner) ? inner : {}, [next, ...others], value) };
}

function known(kind: keyof Records): ContentType {
  const type = contentType(kind);
  if (type === undefined) throw new Error(`There is no content type ${kind}.`);
  return type;
}
