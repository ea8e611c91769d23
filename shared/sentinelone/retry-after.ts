const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The three spellings of an HTTP date: the current one, that of RFC 850, and that of C's asctime(). */
const httpDates = [
  /^[a-z]{3}, (?<day>\d\d) (?<month>[a-z]{3}) (?<year>\d{4}) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) gmt$/i,
  /^[a-z]{6,9}, (?<day>\d\d)-(?<month>[a-z]{3})-(?<year>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) gmt$/i,
  /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<year>\d{4})$/i,
];

/**
 * How long a `Retry-After` header asks to wait, in milliseconds from `nowMs`. A date in the past is 0. Undefined where
 * there is no header, none that can be understood, or one that asks for more than a day, which no console means. The caller
 * then has its own backoff.
 *
 * What asks for more than an hour is tried again after an hour: the published limits are for a second or a minute, one odd
 * answer must not silence a stream for a day, and a console that means it is asked a few times in vain.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return believable(Number(text) * 1000);
  const date = parseHttpDate(text, nowMs);
  return date === undefined ? undefined : believable(Math.max(date - nowMs, 0));
}

function believable(waitMs: number): number | undefined {
  return waitMs <= dayMs ? Math.min(waitMs, hourMs) : undefined;
}

function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const form of httpDates) {
    const groups = form.exec(text)?.groups;
    if (groups) return epochOf(groups, nowMs);
  }
  return undefined;
}

function epochOf(groups: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const part = (name: string) => Number(groups[name]);
  const month = months.indexOf((groups['month'] ?? '').toLowerCase());
  const year = groups['year']?.length === 2 ? fullYear(part('year'), nowMs) : part('year');
  const epoch = Date.UTC(year, month, part('day'), part('hour'), part('minute'), part('second'));
  const date = new Date(epoch);
  // Date.UTC rolls 31 February over to March; a date that does not come back as it went in is none.
  const exact =
    date.getUTCMonth() === month &&
    date.getUTCDate() === part('day') &&
    date.getUTCHours() === part('hour') &&
    date.getUTCMinutes() === part('minute') &&
    date.getUTCSeconds() === part('second');
  return exact ? epoch : undefined;
}

/** RFC 9110: a two-digit year that seems more than 50 years ahead is the most recent past one with these digits. */
function fullYear(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
