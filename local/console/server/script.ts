import type { Answer } from './answer.ts';
import type { Fault } from './faults/fault.ts';

/** An answer that a test wants to see, whatever was asked. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, strings as they are. Empty where absent. */
  readonly body?: unknown;
  /** What was asked for is done all the same, as far as it is allowed, before this is answered. */
  readonly afterwards?: true;
  /** Nothing of this is sent, or half of it. */
  readonly breaks?: 'before' | 'in the middle';
}

/** What becomes of a request for which an answer was waiting. */
export interface ScriptedEnd {
  readonly answer: Answer;
  readonly fault: Fault | undefined;
  readonly afterwards: boolean;
}

/** Answers that wait for the next requests. */
export interface Script {
  /** @param pathPrefix below /web/api/v2.1, e.g. `/threats` */
  add(pathPrefix: string, answers: readonly ScriptedAnswer[]): void;
  /** The next waiting answer for this path, in the order in which they were added. */
  next(path: string): ScriptedEnd | undefined;
}

export function script(): Script {
  const waiting: { readonly pathPrefix: string; readonly answer: ScriptedAnswer }[] = [];
  return {
    add(pathPrefix, answers) {
      for (const answer of answers) waiting.push({ pathPrefix, answer });
    },
    next(path) {
      const index = waiting.findIndex(({ pathPrefix }) => path.startsWith(pathPrefix));
      if (index < 0) return undefined;
      const [found] = waiting.splice(index, 1);
      return found === undefined ? undefined : endOf(found.answer);
    },
  };
}

function endOf(scripted: ScriptedAnswer): ScriptedEnd {
  const { breaks, afterwards = false } = scripted;
  const fault: Fault | undefined =
    breaks === 'before'
      ? { kind: 'reset' }
      : breaks === 'in the middle'
        ? { kind: 'cut', chunked: false }
        : undefined;
  return { answer: toAnswer(scripted), fault, afterwards };
}

function toAnswer({ status, headers, body }: ScriptedAnswer): Answer {
  if (typeof body === 'string' || body === undefined)
    return { status, headers: { ...headers }, body: body ?? '' };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
