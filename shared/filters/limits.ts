/** What the filters of a connector may be. They are copied into each of its streams' items, of which DynamoDB takes 400 KB. */
export const filterLimits = {
  filters: 50,
  conditions: 10,
  /** Of `in`, `not_in` and `cidr`. */
  values: 200,
  /** Characters of one value. */
  valueLength: 1_000,
  /** Characters of a field's path. */
  fieldLength: 200,
  /** Bytes of all filters of a connector as JSON in UTF-8. */
  totalBytes: 65_536,
  /** Steps of all patterns of a connector; see `mostSteps` of one pattern. */
  patternSteps: 2_000,
} as const;
