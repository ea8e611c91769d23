import type { Atom } from './syntax.ts';

/** True where the character of this code point is one that the atom takes. */
export type AtomTest = (codePoint: number) => boolean;

/**
 * A test of one character. What a class holds, and which capitals belong together, is JavaScript's business: its own engine is
 * asked about a single character, with which it cannot go back over anything.
 */
export function atomTest(atom: Atom, ignoreCase: boolean): AtomTest {
  if (atom.kind === 'character' && !ignoreCase) {
    const wanted = atom.character.codePointAt(0);
    return (codePoint) => codePoint === wanted;
  }
  const source = atom.kind === 'class' ? atom.source : literalSource(atom.character);
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'iu' : 'u');
  const ascii: (boolean | undefined)[] = [];
  return (codePoint) => {
    const known = codePoint < 128 ? ascii[codePoint] : undefined;
    if (known !== undefined) return known;
    const isTaken = expression.test(String.fromCodePoint(codePoint));
    if (codePoint < 128) ascii[codePoint] = isTaken;
    return isTaken;
  };
}

function literalSource(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
