/** The exact value of a number: sign × 0.digits × 10^exponent, with neither leading nor trailing zeros in `digits`. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly exponent: bigint;
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Longer texts are no numbers that anybody compares, and would only take time. */
const mostCharacters = 1_000;

/** The number that the text spells as JSON does (no `+`, no leading zeros, no spaces); undefined where it is none. */
export function parseDecimal(text: string): Decimal | undefined {
  if (text.length > mostCharacters || !jsonNumber.test(text)) return undefined;
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const all = `${whole}${fraction}`;
  let begin = 0;
  while (all[begin] === '0') begin += 1;
  let end = all.length;
  while (end > begin && all[end - 1] === '0') end -= 1;
  if (begin === end) return { sign: 0, digits: '', exponent: 0n };
  return {
    sign: text.startsWith('-') ? -1 : 1,
    digits: all.slice(begin, end),
    exponent: BigInt(exponent) + BigInt(whole.length - begin),
  };
}

/** Below 0 where `a` is less than `b`, 0 where they are the same number, above 0 where it is more. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.exponent !== b.exponent) return a.exponent < b.exponent ? -a.sign : a.sign;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -a.sign : a.sign;
}
