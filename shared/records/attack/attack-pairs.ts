import { isObject, type Json, type JsonObject } from '../../json.ts';
import { enumAt, listAt, presentFields, textAt } from '../json-fields.ts';
import { type Tactic, tactics } from './tactics.ts';
import { techniqueTitle } from './techniques.ts';

/** One tactic with one technique, as an indicator of a threat names them. */
export interface AttackPair {
  readonly tactic: JsonObject;
  readonly technique: JsonObject | undefined;
  /** The tactic in our table; undefined where it is none of ATT&CK's. */
  readonly known: Tactic | undefined;
}

/**
 * The pairs of `indicators[].tactics[].techniques[]`, each once, in the console's order. A tactic without techniques
 * is a pair without one. The console repeats a tactic within an indicator and across indicators.
 */
export function attackPairs(indicators: readonly Json[]): readonly AttackPair[] {
  const pairs = new Map<string, AttackPair>();
  for (const tactic of indicators.flatMap((indicator) => listAt(indicator, 'tactics'))) {
    for (const pair of pairsOf(tactic)) {
      const key = JSON.stringify([pair.tactic, pair.technique]);
      if (!pairs.has(key)) pairs.set(key, pair);
    }
  }
  return [...pairs.values()];
}

function pairsOf(tactic: Json): readonly AttackPair[] {
  const techniques = listAt(tactic, 'techniques')
    .map(techniqueOf)
    .filter((technique) => technique !== undefined);
  const name = textAt(tactic, 'name');
  if (name === undefined && techniques.length === 0) return [];
  const known = isMitre(tactic) ? knownTactic(name) : undefined;
  const described = known ? { id: known.id, name: known.name } : presentFields({ name });
  const named = techniques.length > 0 ? techniques : [undefined];
  return named.map((technique) => ({ tactic: described, technique, known }));
}

/** In a technique the console's `name` holds the ATT&CK number. */
function techniqueOf(technique: Json): JsonObject | undefined {
  const name = (isObject(technique) ? textAt(technique, 'name') : textAt(technique))?.trim();
  if (name === undefined) return undefined;
  if (!/^T\d{4}(\.\d{3})?$/i.test(name)) return { name };
  const id = name.toUpperCase();
  return { id, name: techniqueTitle(id) ?? id };
}

/** Old rows do not tell where a tactic comes from; a stated other source uses names in a meaning of its own. */
function isMitre(tactic: Json): boolean {
  return enumAt(tactic, 'source')?.startsWith('mitre') ?? true;
}

function knownTactic(name: string | undefined): Tactic | undefined {
  return name === undefined ? undefined : tacticsByName.get(lettersOf(name));
}

/** `Command And Control`, `command-and-control` and `CommandAndControl` are one name. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

const tacticsByName = new Map(tactics.map((tactic) => [lettersOf(tactic.name), tactic]));
