const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a duration as people type it: a whole number and one of s, m, h, d (`45s`, `90m`, `6h`, `2d`).
 * Undefined where the text is none, and for durations that a number cannot hold exactly.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)([smhd])$/.exec(text);
  if (!match) return undefined;
  const [, amount = '', unit = ''] = match;
  const factor = unitMs[unit];
  if (factor === undefined) return undefined;
  const duration = Number(amount) * factor;
  return Number.isSafeInteger(duration) ? duration : undefined;
}
