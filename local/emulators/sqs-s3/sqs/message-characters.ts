import type { Fauxqs } from '../fauxqs-internals.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: tab, line feed and carriage return are what SQS allows of them.
const refused = /[^\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** fauxqs looks at UTF-16 units and so refuses every character above U+FFFF, emoji first of all. SQS allows them. */
export function allowAllCharacters(fauxqs: Fauxqs): void {
  fauxqs.invalidBody.test = (body) => refused.test(body);
}
