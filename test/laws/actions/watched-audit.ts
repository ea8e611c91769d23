import { isDeepStrictEqual } from 'node:util';
import { auditKey } from '../../../shared/audit/audit-key.ts';
import type { AuditLog, AuditRecord } from '../../../shared/audit/audit-log.ts';
import { Violation } from '../simulation/violation.ts';

/** The audit trail in memory: an object that is there is never another one. */
export class WatchedAudit implements AuditLog {
  /** By key. */
  readonly records = new Map<string, AuditRecord>();

  async append(record: AuditRecord): Promise<void> {
    const key = auditKey(record);
    const known = this.records.get(key);
    if (known !== undefined && !isDeepStrictEqual(known, record))
      throw new Violation('A4 transitions and trail', `${key} was written with another content`);
    this.records.set(key, record);
  }
}
