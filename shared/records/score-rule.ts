import { isObject, type Json, type JsonObject } from '../json.ts';
import { fieldAt } from './json-fields.ts';

/** All three from 0 to 100. */
export interface AlertScore {
  /** How much damage the threat can do as things stand. */
  readonly severity: number;
  /** How sure it is that the threat is one. */
  readonly fidelity: number;
  /** What to look at first. */
  readonly score: number;
}

/** Points by the console's value in one spelling; `other` for a value that is not listed. */
export type Scale = Readonly<Record<string, number>> & { readonly other: number };

/**
 * How alerts are scored. The console gives a threat no severity, so it follows from what it does say:
 *
 *   severity = start of the confidence level + mitigation + classification, 0 to 100
 *   fidelity = start of the confidence level + engines,                     0 to 100
 *   an analyst's verdict outranks both
 *   score    = severity's share of severity + the rest of fidelity, rounded
 *
 * A value that is not listed counts as `other` or adds nothing, so a value the console invents tomorrow never hides a threat.
 * STAR and unified alerts have a severity of the console's own, in `severityOfLevel`.
 */
export interface ScoreRule {
  readonly severityStart: Scale;
  readonly fidelityStart: Scale;
  readonly severityOfMitigation: Scale;
  readonly severityOfClassification: Scale;
  readonly severityOfLevel: Scale;
  readonly fidelityOfEngines: Scale;
  /** In percent: `severity` of the score, the rest is fidelity's. */
  readonly share: Scale;
}

export const defaultScoreRule: ScoreRule = {
  severityStart: { malicious: 90, suspicious: 70, other: 50 },
  fidelityStart: { malicious: 80, suspicious: 50, other: 40 },
  severityOfMitigation: { not_mitigated: 0, mitigated: -30, marked_as_benign: -60, other: 0 },
  severityOfClassification: {
    ransomware: 10,
    pua: -20,
    pup: -20,
    adware: -20,
    potentially_unwanted_application: -20,
    other: 0,
  },
  severityOfLevel: { critical: 95, high: 75, medium: 50, low: 25, info: 10, other: 50 },
  // One engine that compares with known bad files outweighs guessing ones; guessing ones count when they are alone.
  fidelityOfEngines: { knowing: 10, only_guessing: -10, other: 0 },
  share: { severity: 60, other: 40 },
};

/** The name of the option in which a connector changes the rule. */
export const scoresOption = 'scores';

const rules = new WeakMap<JsonObject, ScoreRule>();

/** The rule with what the options change of it. Throws an Error naming the field where they are no good. */
export function scoreRuleOf(options: JsonObject): ScoreRule {
  const known = rules.get(options);
  if (known !== undefined) return known;
  const rule = ruleWith(options[scoresOption]);
  rules.set(options, rule);
  return rule;
}

/** What is wrong with the value of the option, in words that go after its name; undefined where it is good. */
export function scoresProblem(value: string): string | undefined {
  try {
    ruleWith(value);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function ruleWith(value: Json | undefined): ScoreRule {
  if (value === undefined) return defaultScoreRule;
  const changes = typeof value === 'string' ? parse(value) : value;
  if (!isObject(changes)) throw new Error('must be a JSON object');
  const scales: Record<string, Scale> = { ...defaultScoreRule };
  for (const [name, change] of Object.entries(changes)) {
    const scale = Object.hasOwn(scales, name) ? scales[name] : undefined;
    if (scale === undefined)
      throw new Error(`has no scale ${name}; there are ${Object.keys(scales).join(', ')}`);
    if (!isObject(change)) throw new Error(`must have an object of numbers at ${name}`);
    scales[name] = { ...scale, ...pointsOf(name, change) };
  }
  return { ...defaultScoreRule, ...scales };
}

function pointsOf(scale: string, change: JsonObject): Record<string, number> {
  const points: Record<string, number> = {};
  for (const [value, number] of Object.entries(change)) {
    if (typeof number !== 'number' || Math.abs(number) > 100)
      throw new Error(`must have a number from -100 to 100 at ${scale}.${value}`);
    points[value] = number;
  }
  return points;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('must be a JSON object');
  }
}

/** The points of a value. */
export function pointsFor(scale: Scale, value: string | undefined): number {
  const points = value === undefined || !Object.hasOwn(scale, value) ? undefined : scale[value];
  return points ?? scale.other;
}

/** The score of a severity and a fidelity, after what an analyst said (in one spelling; see `enumAt`). */
export function reviewedScore(
  rule: ScoreRule,
  unreviewed: { readonly severity: number; readonly fidelity: number },
  verdict: string | undefined,
): AlertScore {
  const { severity, fidelity } = reviewed(
    percentage(unreviewed.severity),
    percentage(unreviewed.fidelity),
    verdict,
  );
  const share = percentage(pointsFor(rule.share, 'severity')) / 100;
  return { severity, fidelity, score: Math.round(share * severity + (1 - share) * fidelity) };
}

function reviewed(severity: number, fidelity: number, verdict = '') {
  if (verdict.startsWith('true_positive')) return { severity, fidelity: 100 };
  if (verdict.startsWith('false_positive')) return { severity: Math.min(severity, 10), fidelity: 0 };
  return { severity, fidelity: verdict === 'suspicious' ? Math.max(fidelity, 60) : fidelity };
}

/** The name of the band that a score or severity lies in. */
export function severityBand(value: number): 'Critical' | 'Major' | 'Minor' | 'Notice' {
  if (value >= 75) return 'Critical';
  if (value >= 50) return 'Major';
  return value >= 25 ? 'Minor' : 'Notice';
}

/** The record's `event` with another severity, where the options change how severities come about. */
export function rescoredEvent(record: JsonObject, options: JsonObject, severity: number): JsonObject {
  const event = fieldAt(record, 'event');
  if (options[scoresOption] === undefined || !isObject(event)) return {};
  return { event: { ...event, severity_str: severityBand(severity) } };
}

function percentage(value: number): number {
  return Math.min(100, Math.max(0, value));
}
