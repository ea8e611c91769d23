import { setTimeout as delay } from 'node:timers/promises';

/** Longer than anything takes that is waited for. */
const patienceMs = 180_000;

/**
 * Asks again until the answer is what is wanted, and gives it back.
 * @throws Error with the last answer where the patience has ended
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  isWanted: (answer: T) => boolean,
  pauseMs = 200,
): Promise<T> {
  for (const until = Date.now() + patienceMs; ; await delay(pauseMs)) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > until) throw new Error(`Not seen in time: ${what}. Last: ${JSON.stringify(answer)}`);
  }
}
