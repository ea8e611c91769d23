/** Microseconds per unit. A time stamp of the simulator is whole microseconds since 1970, which a double holds exactly. */
export const micros = {
  millisecond: 1_000,
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
  day: 86_400_000_000,
} as const;

const isoTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/;

/** Microseconds of an ISO-8601 time with zone and up to six fraction digits; undefined where the text is none. */
export function parseMicros(text: string): number | undefined {
  const match = isoTime.exec(text);
  if (!match) return undefined;
  const [, seconds = '', fraction = '', zone = 'Z'] = match;
  const local = Date.parse(`${seconds}Z`);
  // A 30th of February parses, as some day in March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(seconds)) return undefined;
  return (local - offsetMs(zone)) * micros.millisecond + Number(fraction.padEnd(6, '0'));
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** Dates by day number: a page of a thousand records has thousands of times, and most of them on a few days. */
const dates = new Map<number, string>();
const mostDates = 1_000;

function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size >= mostDates) dates.clear();
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}

/** ISO-8601 in UTC with so many fraction digits; further digits are cut. */
export function formatMicros(us: number, digits: 0 | 2 | 3 | 6 = 6): string {
  const day = Math.floor(us / micros.day);
  const inDay = us - day * micros.day;
  const second = Math.floor(inDay / micros.second);
  const minute = Math.floor(second / 60);
  const hour = Math.floor(minute / 60);
  const time = `${dateOf(day)}T${twoDigits[hour]}:${twoDigits[minute % 60]}:${twoDigits[second % 60]}`;
  if (digits === 0) return `${time}Z`;
  const fraction = String(inDay - second * micros.second).padStart(6, '0');
  return `${time}.${fraction.slice(0, digits)}Z`;
}
