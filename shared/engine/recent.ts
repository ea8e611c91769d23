/** What was done in some time. */
export interface Amounts {
  /** Records that came into the lake. */
  readonly records: number;
  /** Of entries as they lie there, compressed. */
  readonly bytes: number;
  readonly filtered: number;
  /** How long the console asked to be left alone (429), milliseconds. */
  readonly throttledMs: number;
  /** How long the console, or the way to it, was down (5xx, timeouts), milliseconds. */
  readonly unavailableMs: number;
}

/**
 * The clock hour and the day (UTC) of the last change, and those before them: four sums, however much happens, because they are
 * written with every commit.
 */
export interface Recent {
  /** Where the hour begins, epoch milliseconds. */
  readonly hour: number;
  readonly thisHour: Amounts;
  readonly lastHour: Amounts;
  /** Where the day begins, epoch milliseconds. */
  readonly day: number;
  readonly today: Amounts;
  readonly yesterday: Amounts;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nothing: Amounts = { records: 0, bytes: 0, filtered: 0, throttledMs: 0, unavailableMs: 0 };

/** With what was done at `now`, epoch milliseconds. */
export function addRecent(before: Recent | undefined, now: number, more: Partial<Amounts>): Recent {
  const recent = recentAt(before, now);
  return { ...recent, thisHour: sum(recent.thisHour, more), today: sum(recent.today, more) };
}

/** As it is to be read at `now`: hours and days have passed since it was written. A clock that was set back moves nothing back. */
export function recentAt(stored: Recent | undefined, now: number): Recent {
  const hour = Math.max(startOf(now, hourMs), stored?.hour ?? 0);
  const day = Math.max(startOf(now, dayMs), stored?.day ?? 0);
  const [thisHour, lastHour] = rolled(
    [stored?.thisHour, stored?.lastHour],
    (hour - (stored?.hour ?? 0)) / hourMs,
  );
  const [today, yesterday] = rolled([stored?.today, stored?.yesterday], (day - (stored?.day ?? 0)) / dayMs);
  return { hour, thisHour, lastHour, day, today, yesterday };
}

function rolled(
  [current = nothing, before = nothing]: readonly [Amounts | undefined, Amounts | undefined],
  passed: number,
): readonly [Amounts, Amounts] {
  if (passed === 0) return [current, before];
  return [nothing, passed === 1 ? current : nothing];
}

function sum(before: Amounts, more: Partial<Amounts>): Amounts {
  return {
    records: before.records + (more.records ?? 0),
    bytes: before.bytes + (more.bytes ?? 0),
    filtered: before.filtered + (more.filtered ?? 0),
    throttledMs: before.throttledMs + (more.throttledMs ?? 0),
    unavailableMs: before.unavailableMs + (more.unavailableMs ?? 0),
  };
}

function startOf(time: number, length: number): number {
  return Math.floor(time / length) * length;
}
