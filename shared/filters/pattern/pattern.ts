import { parsePattern } from './parse-pattern.ts';
import { programOf, type Step } from './program.ts';
import type { Assertion } from './syntax.ts';

/** Characters (UTF-16) of a text that a pattern looks at. */
export const mostTextLength = 8_192;

/** A place in a text: what stands before it and behind it; undefined at the text's ends. */
interface Place {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * A regular expression that takes time in proportion to the text, whatever the two are: all ways through the pattern are
 * followed at once, character by character, and none is gone back over (Thompson's simulation). At most `mostSteps` steps for
 * each of at most `mostTextLength` characters. What a text has beyond these is not looked at, and `$` does not hold there.
 */
export class Pattern {
  /** Steps of its program; what it costs per character at most. */
  readonly size: number;
  private readonly program: readonly Step[];
  private readonly ignoreCase: boolean;
  /** For each step the number of the place at which it was reached last. */
  private readonly reachedAt: Float64Array;
  private place = 0;
  /** Where the ways stand that wait for the next character, and, while they are followed, where they go on. */
  private waiting: StepList;
  private reached: StepList;
  private readonly open: StepList;

  /** @throws PatternError */
  constructor(source: string, ignoreCase: boolean) {
    this.program = programOf(parsePattern(source), ignoreCase);
    this.ignoreCase = ignoreCase;
    this.size = this.program.length;
    this.reachedAt = new Float64Array(this.size);
    this.waiting = new StepList(this.size);
    this.reached = new StepList(this.size);
    // A fork opens two places for the one that it takes.
    this.open = new StepList(this.size + 1);
  }

  /** True where the pattern matches somewhere in the text. */
  test(text: string): boolean {
    const limit = Math.min(text.length, mostTextLength);
    this.waiting.length = 0;
    let before: number | undefined;
    for (let at = 0; ; ) {
      const after = text.codePointAt(at);
      const place = { before, after };
      this.place += 1;
      this.reached.length = 0;
      for (let i = 0; i < this.waiting.length; i++) {
        if (this.follow(this.waiting.at(i), place)) return true;
      }
      // A match may begin at any place.
      if (this.follow(0, place)) return true;
      if (after === undefined || at >= limit) return false;
      this.takeCharacter(after);
      before = after;
      at += after > 0xffff ? 2 : 1;
    }
  }

  /** Lets the ways wait that the character leads on. */
  private takeCharacter(codePoint: number): void {
    const { program, reached, waiting } = this;
    waiting.length = 0;
    for (let i = 0; i < reached.length; i++) {
      const index = reached.at(i);
      const step = program[index];
      if (step?.kind === 'take' && step.test(codePoint)) waiting.add(index + 1);
    }
  }

  /** Goes on from a step as far as no character is needed. True where that is the end of the pattern. */
  private follow(from: number, at: Place): boolean {
    const { program, reachedAt, reached, open, place } = this;
    open.length = 0;
    open.add(from);
    while (open.length > 0) {
      const index = open.take();
      if (reachedAt[index] === place) continue;
      reachedAt[index] = place;
      const step = program[index];
      switch (step?.kind) {
        case 'take':
          reached.add(index);
          break;
        case 'fork':
          open.add(step.second);
          open.add(step.first);
          break;
        case 'jump':
          open.add(step.to);
          break;
        case 'assert':
          if (this.holds(step.assertion, at)) open.add(index + 1);
          break;
        case 'match':
          return true;
      }
    }
    return false;
  }

  private holds(assertion: Assertion, { before, after }: Place): boolean {
    switch (assertion) {
      case 'start':
        return before === undefined;
      case 'end':
        return after === undefined;
      case 'wordBoundary':
        return this.isWord(before) !== this.isWord(after);
      case 'noWordBoundary':
        return this.isWord(before) === this.isWord(after);
    }
  }

  private isWord(codePoint: number | undefined): boolean {
    if (codePoint === undefined) return false;
    if (codePoint > 127) return this.ignoreCase && (codePoint === 0x17f || codePoint === 0x212a);
    return wordCharacter.test(String.fromCharCode(codePoint));
  }
}

const wordCharacter = /\w/;

/** Places of a program; its room is taken once, because lists are filled for every character. */
class StepList {
  length = 0;
  private readonly places: Int32Array;

  constructor(most: number) {
    this.places = new Int32Array(most);
  }

  add(place: number): void {
    this.places[this.length] = place;
    this.length += 1;
  }

  take(): number {
    this.length -= 1;
    return this.at(this.length);
  }

  at(i: number): number {
    return this.places[i] ?? 0;
  }
}
