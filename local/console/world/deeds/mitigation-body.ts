import type { Json, JsonObject } from '../../../../shared/json.ts';
import { formatMicros } from '../micro-time.ts';
import { isOpen, type Mitigation, type MitigationResult } from './mitigation.ts';

const none = { failed: 0, notFound: 0, pendingReboot: 0, success: 0 };
const counters: Readonly<Record<MitigationResult, JsonObject>> = {
  success: { ...none, success: 2, total: 2 },
  failed: { ...none, failed: 2, total: 2 },
  partial: { ...none, failed: 1, success: 1, total: 2 },
  'pending-reboot': { ...none, pendingReboot: 2, total: 2 },
};

/** An entry of `mitigationStatus[]` for a mitigation that a user asked for. */
export function mitigationBody(mitigation: Mitigation): JsonObject {
  const { action, status, lastUpdateUs, reportId, startedUs, endedUs } = mitigation;
  return {
    action,
    actionsCounters: status === 'pending' || status === 'sent' ? null : counters[status],
    agentSupportsReport: true,
    groupNotFound: false,
    lastUpdate: formatMicros(lastUpdateUs),
    latestReport: isOpen(mitigation) ? null : `/threats/mitigation-report/${reportId}`,
    mitigationEndedAt: endedUs === null ? null : formatMicros(endedUs),
    mitigationStartedAt: startedUs === null ? null : formatMicros(startedUs),
    reportId,
    status,
  };
}

/** The list of a threat with the mitigations that users asked for: of every action there is one entry, the newest. */
export function withMitigations(planned: readonly JsonObject[], asked: readonly Mitigation[]): Json {
  if (asked.length === 0) return planned;
  const entries = new Map<string, JsonObject>(planned.map((entry) => [String(entry['action']), entry]));
  for (const mitigation of asked) entries.set(mitigation.action, mitigationBody(mitigation));
  return [...entries.values()];
}

/** What the threat itself says about the mitigations that users asked for. */
export function mitigationSummary(asked: readonly Mitigation[]): JsonObject {
  return {
    failedActions: asked.some(({ status }) => status === 'failed' || status === 'partial'),
    pendingActions: asked.some(isOpen),
    rebootRequired: asked.some(({ status }) => status === 'pending-reboot'),
  };
}

/** True where one of them has taken the threat away: what was put back is no mitigation. */
export function hasMitigated(asked: readonly Mitigation[]): boolean {
  return asked.some(
    ({ action, status }) => action !== 'unquarantine' && (status === 'success' || status === 'partial'),
  );
}
