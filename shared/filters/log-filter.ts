/** What a condition asks of the values at its field; docs/filters.md has a table of them. */
export const filterOperators = [
  'equals',
  'not_equals',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'ends_with',
  'matches',
  'exists',
  'not_exists',
  'gt',
  'gte',
  'lt',
  'lte',
  'cidr',
] as const;
export type FilterOperator = (typeof filterOperators)[number];

/** Numbers that a double cannot hold are given as text. */
export type FilterValue = string | number | boolean;

/** One question about a record. Plain JSON: it is kept in the state table as it came. */
export interface FilterCondition {
  /** Names with dots between them, of the record as it stands in the lake; see `FieldPath`. */
  readonly field: string;
  readonly operator: FilterOperator;
  /** Of all operators but `in`, `not_in`, `exists` and `not_exists`. */
  readonly value?: FilterValue;
  /** Of `in` and `not_in`; also of `cidr`, in the place of `value`. */
  readonly values?: readonly FilterValue[];
  /** Capitals do not count. For comparisons of text; false where absent. */
  readonly ignoreCase?: boolean;
}

/**
 * A named rule about which records are written. A filter matches a record when all of its conditions do. A record is dropped
 * when any `exclude` filter that applies to its content type matches it; where there are `include` filters that apply to its
 * content type, a record that matches none of them is dropped too. So exclude wins.
 */
export interface LogFilter {
  /** Unique within the connector; the counts of what it dropped are kept under it. */
  readonly name: string;
  readonly action: 'exclude' | 'include';
  /** Ids of the content types that it applies to, and with them their companions; all where absent. */
  readonly contentTypes?: readonly string[];
  readonly conditions: readonly FilterCondition[];
}
