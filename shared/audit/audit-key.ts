import type { AuditRecord } from './audit-log.ts';

/** In the place of a tenant's id, for what belongs to none of them. No tenant can be called so. */
export const noTenant = '_installation';

/** Of all audit records. */
export const auditMsgClass = 'sentinel_lake_audit';

/**
 * Where an audit record lies in the lake, beside the records of the tenant:
 * `landing/tenant=…/index=audit/msg_class=sentinel_lake_audit/dt=YYYY-MM-DD/hr=HH/<time>-<request>-<step>.ndjson.gz`.
 */
export function auditKey({ tenant = noTenant, at, requestId, step }: AuditRecord): string {
  const time = new Date(at).toISOString();
  return [
    'landing',
    `tenant=${tenant}`,
    'index=audit',
    `msg_class=${auditMsgClass}`,
    `dt=${time.slice(0, 10)}`,
    `hr=${time.slice(11, 13)}`,
    `${time.replaceAll(/[-:.]/g, '')}-${requestId.replaceAll(/[^A-Za-z0-9-]/g, '_')}-${step}.ndjson.gz`,
  ].join('/');
}
