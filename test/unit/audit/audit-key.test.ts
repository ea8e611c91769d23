import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditKey, noTenant } from '../../../shared/audit/audit-key.ts';
import type { AuditRecord } from '../../../shared/audit/audit-log.ts';
import { idProblem } from '../../../shared/connectors/names.ts';

const record: AuditRecord = {
  tenant: 'northwind',
  at: Date.parse('2026-11-26T09:05:00.123Z'),
  operation: 'createConnector',
  step: 'requested',
  actor: 'key:x',
  actorName: 'x',
  sourceIp: '192.0.2.7',
  requestId: '8f14e45f-ceea-4e7a-9c3b-2f4d5e6a7b8c',
};

it('puts a record beside the records of its tenant, by the hour', () => {
  expect(auditKey(record)).toBe(
    'landing/tenant=northwind/index=audit/msg_class=sentinel_lake_audit/dt=2026-11-26/hr=09/20261126T090500123Z-8f14e45f-ceea-4e7a-9c3b-2f4d5e6a7b8c-requested.ndjson.gz',
  );
});

it('has a place for what belongs to no tenant, which no tenant can have', () => {
  const { tenant: _, ...ofNobody } = record;
  expect(auditKey(ofNobody)).toContain(`landing/tenant=${noTenant}/index=audit/`);
  expect(idProblem(noTenant)).toBeDefined();
});

it('has another place for every step', () => {
  const keys = (['requested', 'succeeded', 'refused', 'failed'] as const).map((step) =>
    auditKey({ ...record, step }),
  );
  expect(new Set(keys).size).toBe(4);
});

it('stays in its place, whatever the request is called', () => {
  fc.assert(
    fc.property(fc.string(), (requestId) => {
      expect(auditKey({ ...record, requestId })).toMatch(
        /^landing\/tenant=northwind\/index=audit\/msg_class=sentinel_lake_audit\/dt=2026-11-26\/hr=09\/20261126T090500123Z-[A-Za-z0-9_-]*-requested\.ndjson\.gz$/,
      );
    }),
  );
});
