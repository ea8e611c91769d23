import { auditKey } from '../../../shared/audit/audit-key.ts';
import type { AuditLog, AuditRecord } from '../../../shared/audit/audit-log.ts';

/** The audit trail in memory. */
export class MemoryAudit implements AuditLog {
  readonly records: AuditRecord[] = [];
  /** Where set, nothing can be kept. */
  failure: Error | undefined;

  async append(record: AuditRecord): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    // A second record in the same place is taken for the first one, sent again.
    if (this.records.some((known) => auditKey(known) === auditKey(record))) return;
    this.records.push(record);
  }
}
