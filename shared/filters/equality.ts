import type { Json } from '../json.ts';
import { compareDecimals, parseDecimal } from './decimal.ts';
import type { FilterValue } from './log-filter.ts';
import { numberText } from './scalar-text.ts';

/**
 * A test for the value. Two texts are the same when all their characters are (capitals do not count where `ignoreCase`). A
 * number is the same as another one of its value, and as a text that spells it; `true` is the same as the text `true`.
 */
export function equalityTest(wanted: FilterValue, ignoreCase: boolean): (value: Json) => boolean {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const text = fold(String(wanted));
  const number = typeof wanted === 'boolean' ? undefined : parseDecimal(String(wanted));
  return (value) => {
    if (typeof value === 'string') {
      if (typeof wanted !== 'number') return fold(value) === text;
      const other = parseDecimal(value);
      return other !== undefined && number !== undefined && compareDecimals(other, number) === 0;
    }
    if (typeof value === 'number' && typeof wanted === 'number') return value === wanted;
    if (typeof value === 'boolean') return typeof wanted !== 'number' && String(value) === text;
    if (number === undefined) return false;
    const other = parseDecimal(numberText(value) ?? '');
    return other !== undefined && compareDecimals(other, number) === 0;
  };
}
