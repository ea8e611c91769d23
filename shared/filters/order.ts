import type { Json } from '../json.ts';
import { compareDecimals, parseDecimal } from './decimal.ts';
import { compareInstants, parseInstant } from './instant.ts';
import { scalarText } from './scalar-text.ts';

/** What a value can be less or more than. */
export type Bound = (value: Json) => number | undefined;

/**
 * Compares values with a number (numbers and texts that spell one) or with a time (texts that are one), exactly. The result
 * gives, for a value, less than 0, 0 or more than 0; undefined for values that cannot be compared with it.
 * Undefined where the bound itself is neither a number nor a time.
 */
export function boundOf(wanted: string | number): Bound | undefined {
  const number = parseDecimal(String(wanted));
  if (number !== undefined) {
    return (value) => {
      if (typeof value === 'number' && typeof wanted === 'number') return value - wanted;
      const other = typeof value === 'boolean' ? undefined : parseDecimal(scalarText(value) ?? '');
      return other === undefined ? undefined : compareDecimals(other, number);
    };
  }
  const instant = parseInstant(String(wanted));
  if (instant === undefined) return undefined;
  return (value) => {
    const other = typeof value === 'string' ? parseInstant(value) : undefined;
    return other === undefined ? undefined : compareInstants(other, instant);
  };
}
