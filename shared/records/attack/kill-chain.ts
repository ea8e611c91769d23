import type { Json, JsonObject } from '../../json.ts';
import { presentFields } from '../json-fields.ts';
import { type AttackPair, attackPairs } from './attack-pairs.ts';
import { type Stage, stages, type Tactic, tactics, unmappedTactic, unmappedTechnique } from './tactics.ts';

/** From where the attack came, as far as an endpoint can tell. */
export type Exposure = 'internal' | 'external';

/** Where a detection stands in the kill chain. */
export interface Attack {
  readonly stage: Stage;
  readonly tactic: JsonObject;
  readonly technique: JsonObject;
  /** All pairs that the console told, each once. */
  readonly ttps: readonly JsonObject[];
}

/**
 * Sums up a threat's indicators. The headline is the tactic of the latest stage, because that is how far the
 * attacker has come; within one stage the later one in the matrix, so that the console's order does not matter. A
 * tactic that is none of ATT&CK's stays in `ttps` and never becomes the headline.
 */
export function attackOf(indicators: readonly Json[], exposure: Exposure): Attack {
  const pairs = attackPairs(indicators);
  const headline = latest(pairs, exposure);
  return {
    stage: headline ? stageOf(headline, exposure) : unmappedTactic.stage,
    tactic: { id: (headline ?? unmappedTactic).id, name: (headline ?? unmappedTactic).name },
    technique: techniqueFor(headline, pairs),
    ttps: pairs.map(({ tactic, technique }) => presentFields({ tactic, technique })),
  };
}

function latest(pairs: readonly AttackPair[], exposure: Exposure): Tactic | undefined {
  const known = pairs.map((pair) => pair.known).filter((tactic) => tactic !== undefined);
  const rank = (tactic: Tactic) =>
    stages.indexOf(stageOf(tactic, exposure)) * tactics.length + tactics.indexOf(tactic);
  return known.toSorted((a, b) => rank(b) - rank(a))[0];
}

function stageOf(tactic: Tactic, exposure: Exposure): Stage {
  return exposure === 'external' ? (tactic.externalStage ?? tactic.stage) : tactic.stage;
}

/** The headline tactic's first technique. */
function techniqueFor(headline: Tactic | undefined, pairs: readonly AttackPair[]): JsonObject {
  const named = pairs.find((pair) => headline !== undefined && pair.known === headline && pair.technique);
  return named?.technique ?? { ...unmappedTechnique };
}
