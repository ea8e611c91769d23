import type { EventType } from '../world/endpoint-event-types.ts';
import { DataLakeRefusal } from './data-lake-refusal.ts';
import { type QuotedText, takeQuotesOut, valuesIn } from './quoted-text.ts';

/** What a filter asks for. */
export interface DataLakeFilter {
  /** The data lake holds data of many sources; endpoint events are found only where the filter names theirs. */
  readonly isOfEndpoints: boolean;
  /** Undefined where events of any type are. */
  readonly hasType: ((type: EventType) => boolean) | undefined;
}

/** Throws 400 where a quote has no partner. */
export function quotedText(text: string): QuotedText {
  const quoted = takeQuotesOut(text);
  if (quoted === undefined) throw new DataLakeRefusal(400, 'query: a quote is not closed');
  return quoted;
}

/**
 * Reads `field = '...'`, `field == '...'` and `field in ('...', ...)` for the fields that tell the source, and for
 * `event.type`. Other conditions are taken for ones that all events meet.
 * @param skeleton a part of the quoted text's
 */
export function readDataLakeFilter(quoted: QuotedText, skeleton: string): DataLakeFilter {
  const conditions = [...skeleton.matchAll(/([\w.]+)\s*(?:==?|\bin\b)\s*("\d+"|\([^)]*\))/gi)].map(
    ([, field = '', list = '']) => ({ field, values: valuesIn(quoted, list) }),
  );
  const names = (field: string, value: string) =>
    conditions.some((condition) => condition.field === field && condition.values.includes(value));
  const types = conditions.filter(({ field }) => field === 'event.type');
  const isPlain = !/\bor\b|\bnot\b|!/i.test(skeleton);
  return {
    isOfEndpoints:
      names('i.scheme', 'edr') ||
      (names('dataSource.name', 'SentinelOne') && names('dataSource.category', 'security')),
    hasType:
      isPlain && types.length > 0
        ? ({ name }) => types.every(({ values }) => values.includes(name))
        : undefined,
  };
}
