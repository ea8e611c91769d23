import { isObject, type Json } from '../json.ts';
import { enumAt, listAt } from './json-fields.ts';
import { type AlertScore, defaultScoreRule, pointsFor, reviewedScore, type ScoreRule } from './score-rule.ts';

const knowingEngines: ReadonlySet<string> = new Set(['reputation', 'sentinelone_cloud', 'user_blacklist']);
const guessingEngines: ReadonlySet<string> = new Set(['pre_execution_suspicious', 'pup']);

/** The scores of a `threatInfo`. */
export function threatScore(threatInfo: Json | undefined, rule: ScoreRule = defaultScoreRule): AlertScore {
  const confidence = enumAt(threatInfo, 'confidenceLevel');
  const mitigation = enumAt(threatInfo, 'mitigationStatus');
  const classification = enumAt(threatInfo, 'classification');
  return reviewedScore(
    rule,
    {
      severity:
        pointsFor(rule.severityStart, confidence) +
        pointsFor(rule.severityOfMitigation, mitigation) +
        pointsFor(rule.severityOfClassification, classification),
      fidelity:
        pointsFor(rule.fidelityStart, confidence) +
        pointsFor(rule.fidelityOfEngines, kindOf(enginesOf(threatInfo))),
    },
    enumAt(threatInfo, 'analystVerdict'),
  );
}

/** `detectionEngines` are objects with a key, in old rows texts; `engines` are the names shown to people. */
function enginesOf(threatInfo: Json | undefined): readonly string[] {
  const keyed = listAt(threatInfo, 'detectionEngines').map((engine) =>
    isObject(engine) ? enumAt(engine, 'key') : enumAt(engine),
  );
  const engines = keyed.length > 0 ? keyed : listAt(threatInfo, 'engines').map((engine) => enumAt(engine));
  return engines.filter((engine) => engine !== undefined);
}

function kindOf(engines: readonly string[]): string | undefined {
  if (engines.some((engine) => knowingEngines.has(engine))) return 'knowing';
  const isGuess = engines.length > 0 && engines.every((engine) => guessingEngines.has(engine));
  return isGuess ? 'only_guessing' : undefined;
}
