import type { JsonObject } from '../json.ts';
import { conditionTest } from './condition-test.ts';
import type { LogFilter } from './log-filter.ts';

/** Under this name records are counted that no include filter matched. No filter can have it. */
export const noIncludeFilter = '(no include filter)';

/** The filters of one stream, ready to judge its records. */
export interface RecordFilter {
  /** What records may be counted under now. */
  readonly names: ReadonlySet<string>;
  /**
   * Under which name a record is dropped; undefined where it is kept. Of several exclude filters that match the first one
   * counts, so that the counts add up.
   * @param record as it would be written
   */
  droppedBy(record: JsonObject): string | undefined;
}

/**
 * Compiles valid filters, all of which apply (`filtersFor`).
 * Undefined where there are none: then nothing is asked of any record.
 */
export function compileFilters(filters: readonly LogFilter[]): RecordFilter | undefined {
  if (filters.length === 0) return undefined;
  const compiled = filters.map(({ name, action, conditions }) => ({
    name,
    action,
    tests: conditions.map(conditionTest),
  }));
  const excludes = compiled.filter(({ action }) => action === 'exclude');
  const includes = compiled.filter(({ action }) => action === 'include');
  const matches = (filter: (typeof compiled)[number], record: JsonObject) =>
    filter.tests.every((test) => test(record));
  return {
    names: new Set([...excludes.map(({ name }) => name), noIncludeFilter]),
    droppedBy(record) {
      const exclude = excludes.find((filter) => matches(filter, record));
      if (exclude !== undefined) return exclude.name;
      const isWanted = includes.length === 0 || includes.some((filter) => matches(filter, record));
      return isWanted ? undefined : noIncludeFilter;
    },
  };
}
