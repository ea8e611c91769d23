const consoleTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;

/**
 * Epoch milliseconds of a console time stamp, or undefined where the value is none. The console writes zero to six
 * fraction digits (`2022-04-06T08:27:14Z`, `….00Z`, `….123456Z`); digits below the millisecond are cut, not rounded.
 */
export function parseConsoleTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const match = consoleTime.exec(value);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const millis = fraction.padEnd(3, '0').slice(0, 3);
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${offset}`);
  return Number.isNaN(time) ? undefined : time;
}

/** The form in which the console takes time filters: ISO-8601 with milliseconds, ending in Z. */
export function formatConsoleTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
