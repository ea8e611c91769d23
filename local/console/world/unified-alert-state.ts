import { draws, hash, purpose } from './random.ts';
import { analystVerdicts, results, statuses } from './unified-alert-vocabulary.ts';

/** What differs between the revisions of a unified alert. */
export interface UnifiedAlertState {
  readonly status: (typeof statuses)[number];
  readonly analystVerdict: (typeof analystVerdicts)[number];
  readonly result: (typeof results)[number] | null;
  readonly noteExists: boolean;
  readonly hasTicket: boolean;
  readonly isAssigned: boolean;
}

/** Analysts take an alert up, judge it and resolve it; later changes go round again. */
export function unifiedAlertState(seed: number, record: number, changes: number): UnifiedAlertState {
  const draw = draws(seed, purpose.unifiedAlertPlan, record, 1);
  const hasTicket = draw.chance(0.2);
  const startsWithoutResult = draw.chance(0.3);
  const verdict =
    analystVerdicts[
      hash(seed, purpose.unifiedAlertPlan, record, 16 + Math.floor(changes / 3)) % analystVerdicts.length
    ];
  const result = results[Math.floor((changes + (record % 5)) / 2) % results.length] ?? null;
  return {
    status: statuses[changes % statuses.length] ?? 'NEW',
    analystVerdict: changes < 2 ? 'UNDEFINED' : (verdict ?? 'UNDEFINED'),
    result: changes === 0 && startsWithoutResult ? null : result,
    noteExists: changes > 1 && hasTicket,
    hasTicket: changes > 0 && hasTicket,
    isAssigned: changes > 0,
  };
}
