import { describe, expect, it } from 'vitest';
import { archiveTrail } from '../../../../shared/actions/run/archive-trail.ts';
import { afterStep } from '../../../../shared/actions/run/step.ts';
import { auditKey } from '../../../../shared/audit/audit-key.ts';
import { MemoryAudit } from '../../../support/memory/memory-audit.ts';
import { action, anna, now, target } from './fixtures.ts';

const reason = { code: 'cancelled', message: 'It was cancelled.' };
const cancelled = afterStep(
  action([target('1', { computerName: 'LAPTOP-1' }), target('2')], {
    ticket: 'INC-1',
    reason: 'Ransomware.',
  }),
  now + 5,
  { kind: 'cancelled' },
  new Map([[0, { state: 'skipped', reason }]]),
  { ...anna, sourceIp: '192.0.2.7', requestId: 'r1' },
);

describe('archiveTrail', () => {
  it('keeps one record an entry, with who, why, and what became of which target', async () => {
    const audit = new MemoryAudit();
    expect(await archiveTrail(cancelled, audit)).toBe(2);
    expect(audit.records).toHaveLength(2);
    expect(audit.records[1]).toStrictEqual({
      ...{ tenant: 'acme', at: now + 5, operation: 'responseAction', step: 'cancelled' },
      ...{ actor: 'key:anna', actorName: 'Anna', sourceIp: '192.0.2.7', requestId: 'edr-a1-2' },
      target: 'acme.edr.a1',
      request: { action: 'contain', reason: 'Ransomware.', ticket: 'INC-1' },
      details: {
        requestId: 'r1',
        targets: [
          {
            ...{ asked: { agentId: '1' }, id: '1', agentId: '1', computerName: 'LAPTOP-1' },
            ...{ performs: 'contain', state: 'skipped', reason },
          },
        ],
      },
    });
  });

  it('begins where it ended, and writes the same again where nobody knows', async () => {
    const first = new MemoryAudit();
    await archiveTrail(cancelled, first);
    const again = new MemoryAudit();
    await archiveTrail(cancelled, again);
    expect(again.records).toStrictEqual(first.records);
    const rest = new MemoryAudit();
    expect(await archiveTrail({ ...cancelled, archived: 1 }, rest)).toBe(2);
    expect(rest.records).toStrictEqual(first.records.slice(1));
    expect(new Set(first.records.map(auditKey)).size).toBe(2);
  });

  it('throws where a record could not be kept', async () => {
    const audit = new MemoryAudit();
    audit.failure = new Error('No lake.');
    await expect(archiveTrail(cancelled, audit)).rejects.toThrow('No lake.');
  });
});
