import type { RawNumber } from '../../../shared/json.ts';

const makeRaw: unknown = Reflect.get(JSON, 'rawJSON');

/**
 * A JSON number that is written digit by digit, however long: `JSON.stringify` copies the text of such a value.
 * @param digits a JSON number's text
 */
export function rawNumber(digits: string): RawNumber {
  if (typeof makeRaw !== 'function')
    throw new Error('The simulator needs Node.js 22 or later: JSON.rawJSON is missing.');
  return makeRaw(digits);
}
