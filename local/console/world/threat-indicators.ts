import type { Json } from '../../../shared/json.ts';
import type { Draws } from './random.ts';
import { type Technique, techniques } from './vocabulary.ts';

/** A threat's indicators: none at first for many, with no tactic, one, several, or the same one twice. */
export function indicators(draw: Draws, isEnriched: boolean): Json {
  const count = draw.below(3) + (isEnriched ? 1 : 0);
  return Array.from({ length: count }, (_, index) => {
    const found = draw.pick(techniques);
    const kind = draw.below(5);
    const also = draw.pick(techniques);
    const tactics = kind === 0 ? [] : kind === 1 ? [found, found] : kind === 2 ? [found, also] : [found];
    return {
      category: found.category,
      description: `${found.description} → ${draw.pick(['ok', 'blocked', '⚠ suspicious'])}`,
      ids: [100 + index, 200 + draw.below(100)],
      tactics: tactics.map((technique) => tactic(technique, kind === 3 ? 'DEFAULT' : 'MITRE')),
    };
  });
}

function tactic(technique: Technique, source: string): Json {
  return {
    name: technique.tactic,
    source,
    techniques: technique.techniques.map((name) => ({
      link: `https://attack.mitre.org/techniques/${name.replace('.', '/')}/`,
      name,
    })),
  };
}
