import type { Assertion, PatternNode } from './syntax.ts';

/** Characters of a pattern. */
export const mostPatternLength = 200;
/** The largest number in `{m,n}`. */
export const mostRepeats = 100;

/** A pattern that is none, or that is written with what is left out on purpose. The message goes after "the pattern". */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const syntaxCharacters = '^$\\.*+?()[]{}|/';
const classEscapes = 'dDwWsS';
const controlEscapes: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
]);

/**
 * Reads a regular expression of a subset of JavaScript's under the flag `u`: characters, `.`, classes, `\d \w \s` and their
 * opposites, `^ $ \b \B`, groups, `|`, and `? * + {m} {m,} {m,n}` (also lazy, which says nothing about whether a text
 * matches). Without references back, looking around and named groups: with those a pattern may take exponential time.
 * @throws PatternError
 */
export function parsePattern(source: string): PatternNode {
  if (source === '') throw new PatternError('is empty');
  if (source.length > mostPatternLength)
    throw new PatternError(`has ${source.length} characters, more than ${mostPatternLength}`);
  return new Parser(source).parse();
}

class Parser {
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  parse(): PatternNode {
    const node = this.choice();
    if (this.at < this.source.length) throw new PatternError('has a ")" without a "("');
    return node;
  }

  private choice(): PatternNode {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
  }

  private sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.peek(); next !== '' && next !== '|' && next !== ')'; next = this.peek())
      parts.push(this.repeated());
    return { kind: 'sequence', parts };
  }

  private repeated(): PatternNode {
    const part = this.single();
    const bounds = this.quantifier();
    if (bounds === undefined) return part;
    if (part.kind === 'assertion') throw new PatternError('repeats an anchor, which takes no character');
    this.take('?');
    if (this.quantifier() !== undefined)
      throw new PatternError('has two repetitions in a row; put the first one in a group');
    return { kind: 'repeat', part, ...bounds };
  }

  private quantifier(): { readonly least: number; readonly most: number | undefined } | undefined {
    if (this.take('?')) return { least: 0, most: 1 };
    if (this.take('*')) return { least: 0, most: undefined };
    if (this.take('+')) return { least: 1, most: undefined };
    if (this.peek() !== '{') return undefined;
    const match = /^\{(\d{1,9})(?:(,)(\d{1,9})?)?\}/.exec(this.source.slice(this.at));
    if (match === null)
      throw new PatternError('has a "{" that begins no {m}, {m,} or {m,n}; write \\{ for the character');
    this.at += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === undefined ? undefined : Number(match[3]);
    if (Math.max(least, most ?? 0) > mostRepeats)
      throw new PatternError(`repeats something more than ${mostRepeats} times`);
    if (most !== undefined && most < least) throw new PatternError('has a {m,n} with n below m');
    return { least, most };
  }

  private single(): PatternNode {
    const character = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    this.at += character.length;
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'atom', atom: { kind: 'class', source: this.characterClass() } };
      case '.':
        return { kind: 'atom', atom: { kind: 'class', source: '.' } };
      case '^':
        return assertion('start');
      case '$':
        return assertion('end');
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw new PatternError(`has a "${character}" with nothing before it to repeat`);
      case '{':
      case '}':
      case ']':
        throw new PatternError(`has a lone "${character}"; write \\${character} for the character`);
      default:
        return literal(character);
    }
  }

  private group(): PatternNode {
    if (this.take('?') && !this.take(':'))
      throw new PatternError(
        'has a "(?" group; only ( ) and (?: ) are there, no looking around and no names',
      );
    const node = this.choice();
    if (!this.take(')')) throw new PatternError('has a "(" without a ")"');
    return node;
  }

  private escape(): PatternNode {
    const character = this.source[this.at] ?? '';
    this.at += 1;
    if (character === '') throw new PatternError('ends with a "\\"');
    if (character === 'b') return assertion('wordBoundary');
    if (character === 'B') return assertion('noWordBoundary');
    if (classEscapes.includes(character))
      return { kind: 'atom', atom: { kind: 'class', source: `\\${character}` } };
    const control = controlEscapes.get(character);
    if (control !== undefined) return literal(control);
    if (syntaxCharacters.includes(character)) return literal(character);
    if (/[1-9k]/.test(character)) throw new PatternError('refers back to a group, which it cannot');
    throw new PatternError(`has "\\${character}", which is not known here`);
  }

  /** From behind the `[` on; JavaScript itself judges ranges. */
  private characterClass(): string {
    const begin = this.at - 1;
    for (;;) {
      const character = this.source[this.at] ?? '';
      this.at += 1;
      if (character === '') throw new PatternError('has a "[" without a "]"');
      if (character === ']') break;
      if (character !== '\\') continue;
      const escaped = this.source[this.at] ?? '';
      this.at += 1;
      const isKnown = `${classEscapes}${syntaxCharacters}-`.includes(escaped) || controlEscapes.has(escaped);
      if (!isKnown || escaped === '')
        throw new PatternError(`has "\\${escaped}" in a class, which is not known there`);
    }
    const source = this.source.slice(begin, this.at);
    try {
      new RegExp(source, 'u');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new PatternError(`has the class ${source}, whose ranges are no good`);
    }
    return source;
  }

  private peek(): string {
    return this.source[this.at] ?? '';
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }
}

function literal(character: string): PatternNode {
  return { kind: 'atom', atom: { kind: 'character', character } };
}

function assertion(name: Assertion): PatternNode {
  return { kind: 'assertion', assertion: name };
}
