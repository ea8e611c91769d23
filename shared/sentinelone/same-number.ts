/** True when the double has exactly the decimal value of the text, which is a number of JSON. */
export function sameNumber(source: string, value: number): boolean {
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
