import type { ContentType } from '../../shared/content-types/content-type.ts';
import type { LakeIndex } from '../../shared/engine/log-entry.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { fieldAt } from '../../shared/records/json-fields.ts';

/** Where to search for the records of content types, and for what. */
export interface RecordSearch {
  /** Their ids: content types that are other ways to the same data share a search. */
  readonly contentTypes: readonly string[];
  readonly index: LakeIndex;
  readonly msgClass: string;
  /** Fields, and the values that they have in these records and in no others of the index. */
  readonly conditions: Readonly<Record<string, string>>;
}

/** One search for each index and `msg_class` that there are. */
export function recordSearches(contentTypes: readonly ContentType[]): readonly RecordSearch[] {
  const places = contentTypes.flatMap(({ id, index, msgClass, derived }) =>
    [index, ...(derived === undefined ? [] : [derived.index])].map((place) => ({
      id,
      index: place,
      msgClass,
    })),
  );
  const searches = Map.groupBy(places, ({ index, msgClass }) => `${index} ${msgClass}`);
  return [...searches.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            contentTypes: [first, ...others].map(({ id }) => id),
            index: first.index,
            msgClass: first.msgClass,
            conditions: { 'msg_origin.source': 'sentinelone_endpoint', msg_class: first.msgClass },
          },
        ],
  );
}

/** The search in the query language that most of these tools have. */
export function searchText({ conditions }: RecordSearch): string {
  return Object.entries(conditions)
    .map(([field, value]) => `${field}: "${value}"`)
    .join(' AND ');
}

/** True for a record that the search finds, when it is made in the record's index. */
export function finds({ conditions }: RecordSearch, record: JsonObject): boolean {
  const inRecord = (field: string): Json | undefined => fieldAt(record, ...field.split('.'));
  return Object.entries(conditions).every(([field, value]) => inRecord(field) === value);
}
