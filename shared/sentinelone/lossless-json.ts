import type { Json } from '../json.ts';

/**
 * Finds texts that may hold a number which a double would change: a bare number of 16 characters or more, or one
 * with an exponent. 15 digits always survive a double. May also hit inside a string, which only costs time.
 */
const maybeUnsafeNumber = /(?:^|[:,[\s])-?(?:[\d.]{16}|\d[\d.]*[eE][+-]?\d)/;

/** Parses JSON so that `JSON.stringify` writes back every number with the same value. Throws SyntaxError. */
export function parseLossless(text: string): Json {
  return maybeUnsafeNumber.test(text) ? JSON.parse(text, keepExactNumber) : JSON.parse(text);
}

function keepExactNumber(_key: string, value: Json, context?: { readonly source?: string }): Json {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return sameNumber(source, value) ? value : JSON.rawJSON(source);
}

function sameNumber(source: string, value: number): boolean {
  if (source === String(value)) return true;
  return Number.isFinite(value) && canonicalDecimal(source) === canonicalDecimal(String(value));
}

/** One spelling per decimal value: `1.10`, `11e-1` and `1.1` all give `11e-1`. */
function canonicalDecimal(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return '0';
  const sign = mantissa.startsWith('-') ? '-' : '';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** A loop, because `/0+$/` takes quadratic time on digits with many runs of zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
