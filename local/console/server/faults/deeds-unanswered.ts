import type { Fault, FaultSource } from './fault.ts';
import { troubledAnswers } from './server-errors.ts';

/** The share of actions whose answer says nothing about what was done. */
const share = 0.6;

const failures: readonly Fault[] = [
  ...troubledAnswers.map((answer) => ({ kind: 'answer' as const, answer })),
  { kind: 'reset', undone: true },
  ...troubledAnswers.map((answer) => ({ kind: 'answer' as const, answer, afterwards: true as const })),
  { kind: 'reset' },
  { kind: 'cut', chunked: false },
  { kind: 'cut', chunked: true },
];

/** More than half of the actions fail for whoever asked, and of those more than half have been done all the same. */
export const deedsUnanswered: FaultSource = ({ draw, acts }) =>
  acts && draw.chance(share) ? draw.pick(failures) : undefined;
