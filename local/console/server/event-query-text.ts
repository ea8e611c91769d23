import type { EventType } from '../world/endpoint-event-types.ts';
import { takeQuotesOut, valuesIn } from './quoted-text.ts';
import { VendorError } from './vendor-error.ts';

/**
 * Reads the text of a Deep Visibility query: `EventType` and `ObjectType`, each `= "..."` or `In ("...", ...)`, joined
 * by AND. Every other condition is taken for one that all events meet, such as `AgentName IS NOT EMPTY`.
 * @returns undefined where every event meets it. Throws 400 where the text is empty or a quote has no partner.
 */
export function readEventQuery(text: string): ((type: EventType) => boolean) | undefined {
  const quoted = takeQuotesOut(text);
  if (quoted === undefined || quoted.skeleton.trim() === '')
    throw new VendorError(400, 4_000_040, 'Bad request', 'The query is not valid.');
  if (/\bor\b/i.test(quoted.skeleton)) return undefined;
  const conditions = quoted.skeleton.split(/\s+and\s+/i).flatMap((clause) => {
    const [, field = '', wanted = ''] =
      /^\s*(EventType|ObjectType)\s*(?:=\s*("\d+")|in\s*\([^)]*\))\s*$/i.exec(clause) ?? [];
    if (field === '') return [];
    return [
      {
        isEventType: /^event/i.test(field),
        values: valuesIn(quoted, wanted || clause).map((value) => value.toLowerCase()),
      },
    ];
  });
  if (conditions.length === 0) return undefined;
  return ({ name, objectType }) =>
    conditions.every(({ isEventType, values }) =>
      values.includes((isEventType ? name : objectType).toLowerCase()),
    );
}
