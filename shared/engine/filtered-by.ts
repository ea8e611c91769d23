/** How many records were dropped, by the name of the filter or one of the system's own names, which are in parentheses. */
export type FilteredBy = Readonly<Record<string, number>>;

/** Dropped by a worker that did not live to say by which filter: the log's entry knows only how many they were. */
export const unknownFilter = '(unknown)';

/** Dropped by filters that the stream does not have any more. */
export const formerFilters = '(former filters)';

/**
 * The sum of both. It holds only names of `current` and the system's own, however often filters are renamed: the item that it is
 * kept in must not grow for ever.
 * @param current the names that the stream's filters have now
 */
export function addFilteredBy(
  before: FilteredBy | undefined,
  more: FilteredBy,
  current: ReadonlySet<string>,
): FilteredBy {
  const sum = new Map<string, number>();
  for (const [name, count] of [...Object.entries(before ?? {}), ...Object.entries(more)]) {
    const kept = current.has(name) || name === unknownFilter ? name : formerFilters;
    sum.set(kept, (sum.get(kept) ?? 0) + count);
  }
  return Object.fromEntries(sum);
}
