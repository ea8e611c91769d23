import type { JsonObject } from '../json.ts';
import { addressOf } from './addresses.ts';
import { presentFields } from './json-fields.ts';

/**
 * The fields of `dns`. Some agents put the record's type in front (`type:  28 example.org`), and all of them join the answers
 * with semicolons (`type:  5 edge.example.org;198.51.100.23;`).
 */
export function dnsFields(request: string | undefined, response: string | undefined): JsonObject {
  const answers = [...new Set((response ?? '').split(';').map(withoutType))].filter(
    (answer) => answer !== '',
  );
  return presentFields({
    question: presentFields({ name: request === undefined ? undefined : withoutType(request) }),
    answers,
    resolved_ip: answers.map(addressOf).filter((address) => address !== undefined),
  });
}

function withoutType(text: string): string {
  return text.trim().replace(/^type:\s*\d+\s*/i, '');
}
