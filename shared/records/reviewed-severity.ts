import { defaultScoreRule, pointsFor, reviewedScore, severityBand } from './score-rule.ts';

/**
 * The band of an alert whose severity the console tells, after what an analyst said; both in one spelling (see `enumAt`). The
 * same as that of the native alert under the default rule.
 */
export function reviewedSeverity(level: string | undefined, verdict: string | undefined): string {
  const severity = pointsFor(defaultScoreRule.severityOfLevel, level);
  return severityBand(reviewedScore(defaultScoreRule, { severity, fidelity: 0 }, verdict).severity);
}
