const consoleTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * Epoch milliseconds of a console time stamp, or undefined where the value is none. The console writes zero to six
 * fraction digits (`2022-04-06T08:27:14Z`, `….00Z`, `….123456Z`); digits below the millisecond are cut, not rounded.
 */
export function parseConsoleTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (!consoleTime.test(value)) return undefined;
  // V8 takes any number of fraction digits and cuts them; an offset must have its colon.
  const time = Date.parse(value.endsWith('Z') ? value : value.replace(/(\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : time;
}

/** The form in which the console takes time filters: ISO-8601 with milliseconds, ending in Z. */
export function formatConsoleTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
