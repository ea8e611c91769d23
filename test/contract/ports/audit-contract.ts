import { expect, it } from 'vitest';
import type { AuditLog, AuditRecord } from '../../../shared/audit/audit-log.ts';

/** An audit log, and what lies in it: the records as objects, in any order. */
export interface AuditPorts {
  readonly audit: AuditLog;
  kept(): Promise<readonly object[]>;
}

let made = 0;
const newRecord = (change: Partial<AuditRecord> = {}): AuditRecord => ({
  tenant: 'northwind',
  at: Date.parse('2026-11-26T09:30:00.123Z'),
  operation: 'patchConnector',
  step: 'requested',
  actor: 'key:3f8k2m9q1x7c5v0b',
  actorName: 'soar',
  sourceIp: '192.0.2.7',
  requestId: `request-${++made}`,
  target: 'northwind.edr',
  request: { name: 'Zürich\n"quoted"', siteIds: ['1'] },
  ...change,
});

/** What every implementation of the audit log must do. `ports` gives the implementation under test. */
export function defineAuditContract(ports: () => AuditPorts): void {
  const of = async ({ requestId }: AuditRecord) =>
    (await ports().kept()).filter((kept) => Reflect.get(kept, 'requestId') === requestId);

  it('keeps every step of a call', async () => {
    const requested = newRecord();
    const succeeded = { ...requested, step: 'succeeded', status: 200 } as const;
    for (const record of [requested, succeeded]) await ports().audit.append(record);
    const kept = await of(requested);
    expect(kept).toHaveLength(2);
    for (const { at: _, ...told } of [requested, succeeded])
      expect(kept).toContainEqual(expect.objectContaining(told));
  });

  it('is not disturbed by a step that comes twice, and keeps the first', async () => {
    const record = newRecord();
    await ports().audit.append(record);
    await ports().audit.append({ ...record, actorName: 'somebody else' });
    expect(await of(record)).toMatchObject([{ actorName: 'soar' }]);
  });

  it('keeps what belongs to no tenant', async () => {
    const { tenant: _, ...record } = newRecord();
    await ports().audit.append(record);
    expect(await of(record)).toHaveLength(1);
  });
}
