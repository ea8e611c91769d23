import type { LogFilter } from './log-filter.ts';

/**
 * The filters that apply to a content type, as its stream keeps them: without the list of content types, which says nothing
 * there.
 * @param ids the content type's id; of a companion also that of the content type that names it, for it is another way to the
 *   same data
 */
export function filtersFor(filters: readonly LogFilter[], ...ids: readonly string[]): readonly LogFilter[] {
  return filters
    .filter(({ contentTypes }) => contentTypes === undefined || contentTypes.some((id) => ids.includes(id)))
    .map(({ contentTypes: _, ...filter }) => filter);
}
