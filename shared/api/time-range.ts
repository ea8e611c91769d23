import type { FieldProblem } from './problem.ts';

const dayMs = 86_400_000;

/**
 * What is wrong with a time range, which a query names by `from` and `to`; undefined where nothing is.
 * @param from epoch milliseconds, as `to`
 * @param mostDays the longest that it may be; without one, any
 */
export function timeRangeProblem(from: number, to: number, mostDays?: number): FieldProblem | undefined {
  if (from >= to) {
    return {
      field: 'from',
      message: 'is not before the end.',
      recommendation: 'Name the earlier time first.',
    };
  }
  if (mostDays !== undefined && to - from > mostDays * dayMs) {
    return {
      field: 'from',
      message: `is more than ${mostDays} days before the end.`,
      recommendation: 'Ask for a month at a time.',
    };
  }
  return undefined;
}
