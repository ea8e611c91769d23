import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { isObject } from '../../shared/json.ts';
import { parseLossless } from '../../shared/sentinelone/lossless-json.ts';
import type { TrueRevision } from './known-revision.ts';

/**
 * What the console simulator says it has shown, over HTTP. Epoch milliseconds, half-open.
 * Throws when the URL is no simulator: a real console tells no truth about the past.
 */
export async function* simulatorTruth(
  consoleUrl: string,
  contentType: string,
  from: number,
  to: number,
): AsyncGenerator<TrueRevision> {
  const url = new URL('/simulator/truth', consoleUrl);
  url.searchParams.set('type', contentType);
  url.searchParams.set('from', new Date(from).toISOString());
  url.searchParams.set('to', new Date(to).toISOString());
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new Error(
      `${consoleUrl} answers ${response.status} to /simulator/truth; only the console simulator can be compared with.`,
    );
  }
  for await (const text of createInterface({ input: Readable.fromWeb(response.body) })) {
    if (text === '') continue;
    const line = parseLossless(text);
    if (!isObject(line) || !isObject(line['record']))
      throw new Error('The simulator sent a line that is no revision.');
    const { id, time, current, closes, record } = line;
    yield {
      id: String(id),
      time: String(time),
      current: current === true,
      closes: closes === true,
      record,
    };
  }
}
