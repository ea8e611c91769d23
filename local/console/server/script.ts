import type { Answer } from './answer.ts';

/** An answer that a test wants to see, whatever was asked. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, strings as they are. Empty where absent. */
  readonly body?: unknown;
}

/** Answers that wait for the next requests. */
export interface Script {
  /** @param pathPrefix below /web/api/v2.1, e.g. `/threats` */
  add(pathPrefix: string, answers: readonly ScriptedAnswer[]): void;
  /** The next waiting answer for this path, in the order in which they were added. */
  next(path: string): Answer | undefined;
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
      return found === undefined ? undefined : toAnswer(found.answer);
    },
  };
}

function toAnswer({ status, headers, body }: ScriptedAnswer): Answer {
  if (typeof body === 'string' || body === undefined)
    return { status, headers: { ...headers }, body: body ?? '' };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
