import type { InputProblem } from '../connectors/input-problem.ts';
import { filterLimits } from './limits.ts';
import type { FilterCondition, LogFilter } from './log-filter.ts';
import { Pattern } from './pattern/pattern.ts';
import { readCondition } from './read-condition.ts';
import { isPlainObject, listedNames, unknownParts } from './untrusted.ts';

/** What a caller's filters are, or everything that is wrong with them. */
export type ReadFilters =
  | { readonly kind: 'valid'; readonly filters: readonly LogFilter[] }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] };

const filterParts = ['name', 'action', 'contentTypes', 'conditions'];
/** No parentheses: names in them are the system's own. */
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/**
 * Reads and checks filters. Never throws, whatever it is given.
 * @param given the parsed JSON of `filters`
 * @param contentTypeIds all there are
 */
export function readFilters(given: unknown, contentTypeIds: readonly string[]): ReadFilters {
  const problems: InputProblem[] = [];
  if (!Array.isArray(given)) {
    const recommendation = 'Write a list of filters, [] for none; docs/filters.md has examples.';
    return { kind: 'invalid', problems: [{ field: 'filters', message: 'is no list.', recommendation }] };
  }
  if (given.length > filterLimits.filters) {
    problems.push({
      field: 'filters',
      message: `has ${given.length} filters, more than ${filterLimits.filters}.`,
      recommendation: 'Join filters that differ in one value only: use "in" with a list of values.',
    });
  }
  const filters = given
    .slice(0, filterLimits.filters)
    .map((each: unknown, i) => readFilter(each, `filters[${i}]`, contentTypeIds, problems));
  checkNames(filters, problems);
  const read = filters.filter((filter) => filter !== undefined);
  if (problems.length === 0) checkSize(read, problems);
  return problems.length === 0 ? { kind: 'valid', filters: read } : { kind: 'invalid', problems };
}

function readFilter(
  given: unknown,
  field: string,
  contentTypeIds: readonly string[],
  problems: InputProblem[],
): LogFilter | undefined {
  if (!isPlainObject(given)) {
    problems.push({
      field,
      message: 'is no object.',
      recommendation: `Write an object with ${listedNames(filterParts)}.`,
    });
    return undefined;
  }
  problems.push(...unknownParts(given, field, filterParts, 'a filter'));
  const { name, action, contentTypes, conditions } = given;
  if (typeof name !== 'string' || !namePattern.test(name)) {
    problems.push({
      field: `${field}.name`,
      message:
        'must be 1 to 64 letters, digits, spaces, dots, dashes or underscores, and begin with a letter or digit.',
      recommendation: 'Say what it drops or keeps, e.g. drop-lab-sites.',
    });
  }
  if (action !== 'exclude' && action !== 'include') {
    problems.push({
      field: `${field}.action`,
      message: 'must be "exclude" or "include".',
      recommendation:
        'Use exclude to drop what matches, and include to keep only what matches an include filter.',
    });
  }
  if (contentTypes !== undefined)
    checkContentTypes(contentTypes, `${field}.contentTypes`, contentTypeIds, problems);
  const read = readConditions(conditions, `${field}.conditions`, problems);
  return {
    name: textOf(name),
    action: action === 'include' ? 'include' : 'exclude',
    ...(Array.isArray(contentTypes) ? { contentTypes: contentTypes.map(textOf) } : {}),
    conditions: read,
  };
}

/** Of what was reported already, nothing: an object need not have a text at all. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function checkContentTypes(
  given: unknown,
  field: string,
  known: readonly string[],
  problems: InputProblem[],
): void {
  if (!Array.isArray(given) || given.length === 0 || given.length > known.length) {
    problems.push({
      field,
      message: !Array.isArray(given)
        ? 'is no list.'
        : given.length === 0
          ? 'is empty.'
          : `has ${given.length} entries, more than there are content types.`,
      recommendation: 'Leave it out for all content types, or name each one that is meant.',
    });
    return;
  }
  given.forEach((id: unknown, i) => {
    const isTwice = given.indexOf(id) < i;
    if (typeof id === 'string' && known.includes(id) && !isTwice) return;
    problems.push({
      field: `${field}[${i}]`,
      message: isTwice ? 'is there twice.' : 'is no content type.',
      recommendation: isTwice ? 'Name each content type once.' : `Choose from ${known.join(', ')}.`,
    });
  });
}

function readConditions(given: unknown, field: string, problems: InputProblem[]): FilterCondition[] {
  const most = filterLimits.conditions;
  if (!Array.isArray(given) || given.length === 0 || given.length > most) {
    problems.push({
      field,
      message: Array.isArray(given)
        ? `has ${given.length} conditions; 1 to ${most} are allowed.`
        : 'is no list.',
      recommendation:
        'All conditions of a filter must hold together; what is to be enough alone belongs into a filter of its own.',
    });
    return [];
  }
  return given.flatMap((each: unknown, i) => readCondition(each, `${field}[${i}]`, problems) ?? []);
}

function checkNames(filters: readonly (LogFilter | undefined)[], problems: InputProblem[]): void {
  const seen = new Set<string>();
  filters.forEach((filter, i) => {
    if (filter === undefined || !namePattern.test(filter.name)) return;
    if (seen.has(filter.name)) {
      problems.push({
        field: `filters[${i}].name`,
        message: 'is the name of an earlier filter.',
        recommendation: 'Give each filter a name of its own: what it drops is counted under it.',
      });
    }
    seen.add(filter.name);
  });
}

function checkSize(filters: readonly LogFilter[], problems: InputProblem[]): void {
  const bytes = Buffer.byteLength(JSON.stringify(filters));
  if (bytes > filterLimits.totalBytes) {
    problems.push({
      field: 'filters',
      message: `have ${bytes} bytes of JSON together, more than ${filterLimits.totalBytes}.`,
      recommendation:
        'Shorten lists of values: use starts_with, cidr or matches where values have something in common.',
    });
  }
  const steps = filters
    .flatMap(({ conditions }) => conditions)
    .filter(({ operator }) => operator === 'matches')
    .reduce((sum, { value, ignoreCase = false }) => sum + new Pattern(String(value), ignoreCase).size, 0);
  if (steps > filterLimits.patternSteps) {
    problems.push({
      field: 'filters',
      message: `have patterns that are too large together: ${steps} steps, more than ${filterLimits.patternSteps}.`,
      recommendation:
        'Use smaller numbers in { }, or contains, starts_with and ends_with in the place of patterns.',
    });
  }
}
