import { type AtomTest, atomTest } from './atom-test.ts';
import { PatternError } from './parse-pattern.ts';
import type { Assertion, PatternNode } from './syntax.ts';

/** One step of a pattern that is being matched. Places are indices into the program. */
export type Step =
  | { readonly kind: 'take'; readonly test: AtomTest }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  /** Goes on at both places. */
  | { readonly kind: 'fork'; readonly first: number; readonly second: number }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'match' };

/** Steps of one pattern: a text costs at most so many per character. */
export const mostSteps = 500;

/**
 * The pattern as steps, with every repetition written out.
 * @throws PatternError where it would have more than `mostSteps`
 */
export function programOf(node: PatternNode, ignoreCase: boolean): readonly Step[] {
  // Counted before anything is written out: ((x{100}){100}){100} is short.
  if (stepsOf(node) + 1 > mostSteps)
    throw new PatternError('is too large once its repetitions are written out; use smaller numbers in { }');
  const steps: Step[] = [];
  write(node, steps, ignoreCase);
  steps.push({ kind: 'match' });
  return steps;
}

function stepsOf(node: PatternNode): number {
  switch (node.kind) {
    case 'atom':
    case 'assertion':
      return 1;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + stepsOf(part), 0);
    case 'choice':
      return node.options.reduce((sum, option) => sum + stepsOf(option), 2 * (node.options.length - 1));
    case 'repeat': {
      const { part, least, most } = node;
      const steps = stepsOf(part);
      return least * steps + (most === undefined ? steps + 2 : (most - least) * (steps + 1));
    }
  }
}

function write(node: PatternNode, steps: Step[], ignoreCase: boolean): void {
  switch (node.kind) {
    case 'atom':
      steps.push({ kind: 'take', test: atomTest(node.atom, ignoreCase) });
      return;
    case 'assertion':
      steps.push({ kind: 'assert', assertion: node.assertion });
      return;
    case 'sequence':
      for (const part of node.parts) write(part, steps, ignoreCase);
      return;
    case 'choice':
      writeChoice(node.options, steps, ignoreCase);
      return;
    case 'repeat':
      writeRepeat(node, steps, ignoreCase);
  }
}

function writeChoice(options: readonly PatternNode[], steps: Step[], ignoreCase: boolean): void {
  const jumps: number[] = [];
  options.forEach((option, i) => {
    const isLast = i === options.length - 1;
    const fork = isLast ? undefined : hold(steps);
    write(option, steps, ignoreCase);
    if (fork === undefined) return;
    jumps.push(hold(steps));
    steps[fork] = { kind: 'fork', first: fork + 1, second: steps.length };
  });
  for (const jump of jumps) steps[jump] = { kind: 'jump', to: steps.length };
}

function writeRepeat(
  { part, least, most }: Extract<PatternNode, { kind: 'repeat' }>,
  steps: Step[],
  ignoreCase: boolean,
): void {
  for (let i = 0; i < least; i++) write(part, steps, ignoreCase);
  if (most === undefined) {
    const fork = hold(steps);
    write(part, steps, ignoreCase);
    steps.push({ kind: 'jump', to: fork });
    steps[fork] = { kind: 'fork', first: fork + 1, second: steps.length };
    return;
  }
  const forks: number[] = [];
  for (let i = least; i < most; i++) {
    forks.push(hold(steps));
    write(part, steps, ignoreCase);
  }
  for (const fork of forks) steps[fork] = { kind: 'fork', first: fork + 1, second: steps.length };
}

/** Keeps a place free, to be filled once it is known where things go on. */
function hold(steps: Step[]): number {
  return steps.push({ kind: 'match' }) - 1;
}
