import { ConnectorError } from '../errors.ts';
import type { LogFilter } from './log-filter.ts';
import { readFilters } from './read-filters.ts';
import { compileFilters, type RecordFilter } from './record-filter.ts';

/**
 * Compiles the filters of a stream's settings; undefined where there are none. They were checked when they were saved, maybe by
 * another version.
 * Throws a `ConnectorError` where this one cannot apply them: to write what was to be dropped, or to drop what was to be
 * written, would both be wrong.
 */
export function storedFilter(filters: readonly LogFilter[] | undefined): RecordFilter | undefined {
  if (filters === undefined) return undefined;
  const read = readFilters(filters, []);
  if (read.kind === 'valid') return compileFilters(read.filters);
  const [first] = read.problems;
  throw new ConnectorError({
    code: 'filters_unreadable',
    message: `The log filters of this stream cannot be applied: ${first?.field} ${first?.message}`,
    health: 'misconfigured',
    retryable: false,
    recommendation:
      'Save the filters of the connector again, or deploy the version that they were saved with. Nothing is read until then.',
  });
}
