import { isObject, type Json } from '../json.ts';
import { enumAt, listAt } from './json-fields.ts';

/** All three from 0 to 100. */
export interface ThreatScore {
  /** How much damage the threat can do as things stand. */
  readonly severity: number;
  /** How sure it is that the threat is one. */
  readonly fidelity: number;
  /** What to look at first. */
  readonly score: number;
}

/**
 * The rule. The console gives a threat no severity, so it follows from what it does say:
 *
 *   severity = start of the confidence level + mitigation + classification, 0 to 100
 *   fidelity = start of the confidence level + engines,                     0 to 100
 *   an analyst's verdict outranks both
 *   score    = 60 % severity + 40 % fidelity, rounded
 *
 * A value that is not listed counts as `other` or adds nothing, so a value the console invents tomorrow never
 * hides a threat.
 */
const severityStart: Scale = { malicious: 90, suspicious: 70, other: 50 };
const fidelityStart: Scale = { malicious: 80, suspicious: 50, other: 40 };
const severityOfMitigation: Scale = { not_mitigated: 0, mitigated: -30, marked_as_benign: -60, other: 0 };
const severityOfClassification: Scale = {
  ransomware: 10,
  pua: -20,
  pup: -20,
  adware: -20,
  potentially_unwanted_application: -20,
  other: 0,
};
/** One engine that compares with known bad files outweighs guessing ones; guessing ones count when they are alone. */
const knowingEngines: ReadonlySet<string> = new Set(['reputation', 'sentinelone_cloud', 'user_blacklist']);
const guessingEngines: ReadonlySet<string> = new Set(['pre_execution_suspicious', 'pup']);
const fidelityOfEngines = { knowing: 10, onlyGuessing: -10 };
const verdicts: ReadonlyMap<string, (score: Omit<ThreatScore, 'score'>) => Omit<ThreatScore, 'score'>> =
  new Map([
    ['true_positive', ({ severity }) => ({ severity, fidelity: 100 })],
    ['suspicious', ({ severity, fidelity }) => ({ severity, fidelity: Math.max(fidelity, 60) })],
    ['false_positive', ({ severity }) => ({ severity: Math.min(severity, 10), fidelity: 0 })],
  ]);

/** The scores of a `threatInfo`. */
export function threatScore(threatInfo: Json | undefined): ThreatScore {
  const confidence = enumAt(threatInfo, 'confidenceLevel');
  const unreviewed = {
    severity: percentage(
      points(severityStart, confidence) +
        points(severityOfMitigation, enumAt(threatInfo, 'mitigationStatus')) +
        points(severityOfClassification, enumAt(threatInfo, 'classification')),
    ),
    fidelity: percentage(points(fidelityStart, confidence) + enginePoints(enginesOf(threatInfo))),
  };
  const review = verdicts.get(enumAt(threatInfo, 'analystVerdict') ?? '');
  const { severity, fidelity } = review ? review(unreviewed) : unreviewed;
  return { severity, fidelity, score: Math.round(0.6 * severity + 0.4 * fidelity) };
}

/** The name of the band that a score or severity lies in. */
export function severityBand(value: number): 'Critical' | 'Major' | 'Minor' | 'Notice' {
  if (value >= 75) return 'Critical';
  if (value >= 50) return 'Major';
  return value >= 25 ? 'Minor' : 'Notice';
}

type Scale = Readonly<Record<string, number>> & { readonly other: number };

function points(scale: Scale, value: string | undefined): number {
  return value !== undefined && Object.hasOwn(scale, value) ? (scale[value] ?? scale.other) : scale.other;
}

/** `detectionEngines` are objects with a key, in old rows texts; `engines` are the names shown to people. */
function enginesOf(threatInfo: Json | undefined): readonly string[] {
  const keyed = listAt(threatInfo, 'detectionEngines').map((engine) =>
    isObject(engine) ? enumAt(engine, 'key') : enumAt(engine),
  );
  const engines = keyed.length > 0 ? keyed : listAt(threatInfo, 'engines').map((engine) => enumAt(engine));
  return engines.filter((engine) => engine !== undefined);
}

function enginePoints(engines: readonly string[]): number {
  if (engines.some((engine) => knowingEngines.has(engine))) return fidelityOfEngines.knowing;
  const guessing = engines.length > 0 && engines.every((engine) => guessingEngines.has(engine));
  return guessing ? fidelityOfEngines.onlyGuessing : 0;
}

function percentage(value: number): number {
  return Math.min(100, Math.max(0, value));
}
