import type { Connector } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Subject, TargetKind } from '../subject.ts';

/** What a connector is kept to; an empty list keeps it to nothing. */
export type TargetScope = Pick<Connector, 'siteIds' | 'accountIds'>;

/** Where each kind of record says what site and account it belongs to; the endpoint itself says so at its top. */
const places: Readonly<Record<TargetKind, readonly string[]>> = {
  agent: [],
  threat: ['agentRealtimeInfo'],
  alert: ['agentDetectionInfo'],
};

/**
 * True where a connector that is kept to these sites and accounts may act on the subject. Where it is kept to both, the subject must
 * be in both, as in what the connector collects. What does not tell where it belongs is in none.
 */
export function isInScope(subject: Subject, { siteIds, accountIds }: TargetScope): boolean {
  return isAmong(siteIds, subject, 'siteId') && isAmong(accountIds, subject, 'accountId');
}

function isAmong(ids: readonly string[], { kind, record, agent }: Subject, field: string): boolean {
  if (ids.length === 0) return true;
  // Older consoles do not tell the account of an alert, and of an old threat nothing; their endpoint does.
  const id = textAt(record, ...places[kind], field) ?? textAt(agent, field);
  return id !== undefined && ids.includes(id);
}
