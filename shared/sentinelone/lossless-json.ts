import { randomUUID } from 'node:crypto';
import type { Json, RawNumber } from '../json.ts';
import { sameNumber } from './same-number.ts';

/**
 * Finds what may be a number that a double would change: one of 16 characters or more (15 digits always survive a
 * double) or with an exponent, standing where JSON has bare numbers. Found from its end, because few digits of a text are
 * followed by what ends a bare number. May also hit inside a string.
 */
const maybeUnsafe =
  /[-+.eE\d]{2}\d\s*(?:[,\]}]|$)(?<=(?:^|[[,\s]|["\s]:)(-?(?:[\d.]{16,}|[\d.]+[eE][-+]?\d+))\s*[,\]}]?)/g;

/** Stands in the place of a number. Nobody who sends texts can know it, and it is never written anywhere. */
const mark = randomUUID();

/**
 * Parses JSON so that `JSON.stringify` writes back every number with the same value. Throws SyntaxError.
 *
 * The numbers that a double would change are set aside, with a mark in the place of each, and put back after the plain
 * parser has done its work: handing every value to a reviver makes that many times slower.
 */
export function parseLossless(text: string): Json {
  try {
    if (text.includes(mark)) return JSON.parse(text, keepExactNumber);
    const { marked, numbers } = setAside(text);
    const holder = { root: JSON.parse(marked) };
    if (numbers.length > 0) putBack(holder, numbers);
    return holder.root;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // No JSON, or a string of it holds what looks like a bare number: a mark with its quotes always breaks a string.
    return JSON.parse(text, keepExactNumber);
  }
}

function setAside(text: string): { marked: string; numbers: readonly RawNumber[] } {
  const numbers: RawNumber[] = [];
  let marked = '';
  let copied = 0;
  maybeUnsafe.lastIndex = 0;
  for (let match = maybeUnsafe.exec(text); match !== null; match = maybeUnsafe.exec(text)) {
    const number = match[1] ?? '';
    if (sameNumber(number, Number(number))) continue;
    const end = match.index + 3;
    marked += `${text.slice(copied, end - number.length)}"${mark}${numbers.length}"`;
    copied = end;
    numbers.push(JSON.rawJSON(number));
  }
  return { marked: marked + text.slice(copied), numbers };
}

/** Without recursion: the parser takes any depth. */
function putBack(root: object, numbers: readonly RawNumber[]): void {
  const open: object[] = [root];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const name of Object.keys(holder)) {
      const value: unknown = Reflect.get(holder, name);
      if (typeof value === 'object' && value !== null) open.push(value);
      else if (typeof value === 'string' && value.startsWith(mark)) {
        // Defined, because an assignment would lose a field `__proto__`.
        Object.defineProperty(holder, name, { value: numbers[Number(value.slice(mark.length))] });
      }
    }
  }
}

function keepExactNumber(_key: string, value: Json, context?: { readonly source?: string }): Json {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return sameNumber(source, value) ? value : JSON.rawJSON(source);
}
