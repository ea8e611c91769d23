import type { RequestLogEntry } from '../../../local/console/server/request-log.ts';

/** Requests by method and path below the API's root. */
export function callFigures(
  requests: readonly Pick<RequestLogEntry, 'method' | 'path'>[],
): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const { method, path } of requests) {
    const call = `${method} ${path.replace('/web/api/v2.1', '')}`;
    figures[call] = (figures[call] ?? 0) + 1;
  }
  return figures;
}

/** The most requests that came within any such time. */
export function mostWithin(requests: readonly Pick<RequestLogEntry, 'time'>[], ms: number): number {
  const times = requests.map(({ time }) => time).toSorted((a, b) => a - b);
  return Math.max(
    0,
    ...times.map((start) => times.filter((time) => time >= start && time < start + ms).length),
  );
}
