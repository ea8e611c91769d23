import { htmlAnswer, jsonAnswer, textAnswer } from '../answer.ts';
import type { Fault, FaultSource } from './fault.ts';

/** The share of requests that fail. */
const share = 0.35;

/** What a server or a gateway in trouble says. */
export const troubledAnswers = [
  jsonAnswer(
    { errors: [{ code: 5_000_010, detail: null, title: 'Server could not process the request.' }] },
    500,
  ),
  htmlAnswer(502, 'Bad Gateway'),
  textAnswer(503, 'Service Unavailable'),
] as const;

const failures: readonly Fault[] = [
  ...troubledAnswers.map((answer) => ({ kind: 'answer' as const, answer })),
  { kind: 'reset' },
  { kind: 'cut', chunked: false },
  { kind: 'cut', chunked: true },
];

/** One request in three fails, in every way that a gateway, a server or a wire has. */
export const serverErrors: FaultSource = ({ draw }) => (draw.chance(share) ? draw.pick(failures) : undefined);
