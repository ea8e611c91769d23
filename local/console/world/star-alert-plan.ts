import { micros } from './micro-time.ts';
import { draws, purpose } from './random.ts';

export const alertStatuses = ['Unresolved', 'In progress', 'Resolved'] as const;
export const alertVerdicts = ['Undefined', 'True positive', 'False positive', 'Suspicious'] as const;

/** What analysts say about an alert, and since when. No two states of one alert are the same. */
export interface AlertState {
  /** Microseconds. */
  readonly sinceUs: number;
  readonly incidentStatus: (typeof alertStatuses)[number];
  readonly analystVerdict: (typeof alertVerdicts)[number];
}

/**
 * All states of an alert in their order, also those of the future; the first one is that of its report. Analysts come back to
 * an alert over a quarter of the history's length.
 * @param reportedUs microseconds
 */
export function planAlert(
  seed: number,
  record: number,
  reportedUs: number,
  historyUs: number,
): readonly AlertState[] {
  const draw = draws(seed, purpose.starAlertPlan, record);
  const first: AlertState = {
    sinceUs: reportedUs,
    incidentStatus: 'Unresolved',
    analystVerdict: 'Undefined',
  };
  const states = [first];
  function change(to: Partial<AlertState>): void {
    const last = states.at(-1) ?? first;
    const sinceUs = last.sinceUs + micros.second + Math.floor(draw.next() ** 2 * (historyUs / 4));
    states.push({ ...last, ...to, sinceUs });
  }
  /** A verdict that the alert has not had yet. */
  function newVerdict(): AlertState['analystVerdict'] {
    return draw.pick(
      alertVerdicts.filter((verdict) => !states.some((had) => had.analystVerdict === verdict)),
    );
  }
  if (draw.chance(0.5)) change({ incidentStatus: 'In progress' });
  if (draw.chance(0.5)) change({ analystVerdict: newVerdict() });
  if (draw.chance(0.15)) change({ analystVerdict: newVerdict() });
  if (draw.chance(0.45)) {
    change({ incidentStatus: 'Resolved' });
    if (draw.chance(0.15)) change({ incidentStatus: 'In progress', analystVerdict: newVerdict() });
  }
  return states;
}
