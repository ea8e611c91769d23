import type { InputProblem } from '../connectors/input-problem.ts';
import { parseFieldPath } from './field-path.ts';
import { filterLimits } from './limits.ts';
import {
  type FilterCondition,
  type FilterOperator,
  type FilterValue,
  filterOperators,
} from './log-filter.ts';
import { isNetwork } from './networks.ts';
import { boundOf } from './order.ts';
import { PatternError } from './pattern/parse-pattern.ts';
import { Pattern } from './pattern/pattern.ts';
import { isPlainObject, unknownParts } from './untrusted.ts';

const conditionParts = ['field', 'operator', 'value', 'values', 'ignoreCase'];

/** What an operator takes beside its field. */
interface Operand {
  /** Which of the two it takes: exactly one of those named. */
  readonly takes: readonly ('value' | 'values')[];
  readonly ignoresCase: boolean;
  /** What is wrong with one value, to go after its name; undefined where it is good. */
  problem(value: FilterValue, ignoreCase: boolean): string | undefined;
  readonly recommendation: string;
}

const any: Omit<Operand, 'takes'> = {
  ignoresCase: true,
  problem: () => undefined,
  recommendation: 'Give a text, a number, true or false.',
};
const part: Operand = {
  takes: ['value'],
  ignoresCase: true,
  problem: (value) =>
    typeof value !== 'string'
      ? 'must be a text.'
      : value === ''
        ? 'is empty, which every text contains.'
        : undefined,
  recommendation: 'Give the text to look for, in quotes.',
};
const bound: Operand = {
  takes: ['value'],
  ignoresCase: false,
  problem: (value) =>
    typeof value === 'boolean' || boundOf(value) === undefined ? 'must be a number or a time.' : undefined,
  recommendation:
    'Give a number, or a time with its zone like 2026-11-24T00:00:00Z, or a date like 2026-11-24.',
};
const nothing: Operand = { ...any, takes: [], ignoresCase: false };

const operands: Readonly<Record<FilterOperator, Operand>> = {
  equals: { ...any, takes: ['value'] },
  not_equals: { ...any, takes: ['value'] },
  in: { ...any, takes: ['values'] },
  not_in: { ...any, takes: ['values'] },
  contains: part,
  starts_with: part,
  ends_with: part,
  matches: {
    takes: ['value'],
    ignoresCase: true,
    problem: (value, ignoreCase) =>
      typeof value === 'string' ? patternProblem(value, ignoreCase) : 'must be a text.',
    recommendation: 'docs/filters.md lists what a pattern may hold; contains and starts_with need none.',
  },
  exists: nothing,
  not_exists: nothing,
  gt: bound,
  gte: bound,
  lt: bound,
  lte: bound,
  cidr: {
    takes: ['value', 'values'],
    ignoresCase: false,
    problem: (value) => (typeof value === 'string' && isNetwork(value) ? undefined : 'is no network.'),
    recommendation: 'Give networks like 10.0.0.0/8 or 2001:db8::/32, or single addresses.',
  },
};

/** The condition, or undefined with everything that is wrong with it put to the problems. Never throws. */
export function readCondition(
  given: unknown,
  field: string,
  problems: InputProblem[],
): FilterCondition | undefined {
  const known = problems.length;
  if (!isPlainObject(given)) {
    const recommendation = 'Write an object with field, operator and mostly value.';
    problems.push({ field, message: 'is no object.', recommendation });
    return undefined;
  }
  problems.push(...unknownParts(given, field, conditionParts, 'a condition'));
  if (typeof given['field'] !== 'string' || !isField(given['field'])) {
    problems.push({
      field: `${field}.field`,
      message: `must be the names that lead to a field, with dots between them, at most ${filterLimits.fieldLength} characters and 20 names.`,
      recommendation:
        'Write it as it stands in a record of the lake, e.g. agentRealtimeInfo.siteName; docs/records.md lists fields.',
    });
  }
  const operator = filterOperators.find((name) => name === given['operator']);
  if (operator === undefined) {
    problems.push({
      field: `${field}.operator`,
      message: 'is no operator.',
      recommendation: `Choose from ${filterOperators.join(', ')}.`,
    });
    return undefined;
  }
  const ignoreCase = given['ignoreCase'];
  checkIgnoreCase(ignoreCase, operator, field, problems);
  checkOperand(given, operator, field, problems);
  if (problems.length > known) return undefined;
  // Everything was checked above: it is what the type says.
  const { value, values } = given as { value?: FilterValue; values?: readonly FilterValue[] };
  return {
    field: String(given['field']),
    operator,
    ...(value === undefined ? {} : { value }),
    ...(values === undefined ? {} : { values }),
    ...(ignoreCase === true ? { ignoreCase } : {}),
  };
}

function isField(text: string): boolean {
  return text.length <= filterLimits.fieldLength && parseFieldPath(text) !== undefined;
}

function checkIgnoreCase(
  given: unknown,
  operator: FilterOperator,
  field: string,
  problems: InputProblem[],
): void {
  if (given === undefined || (typeof given === 'boolean' && (operands[operator].ignoresCase || !given)))
    return;
  problems.push({
    field: `${field}.ignoreCase`,
    message: typeof given === 'boolean' ? `says nothing with ${operator}.` : 'must be true or false.',
    recommendation: 'Leave it out, or use it where texts are compared.',
  });
}

function checkOperand(
  given: Readonly<Record<string, unknown>>,
  operator: FilterOperator,
  field: string,
  problems: InputProblem[],
): void {
  const { takes, recommendation } = operands[operator];
  for (const name of ['value', 'values'] as const) {
    if (given[name] === undefined || takes.includes(name)) continue;
    problems.push({
      field: `${field}.${name}`,
      message: `has no place with ${operator}.`,
      recommendation:
        takes.length === 0
          ? `Leave it out: ${operator} asks for no value.`
          : `Use "${takes.join('" or "')}".`,
    });
  }
  const there = takes.filter((name) => given[name] !== undefined);
  const [name] = there;
  if (takes.length > 0 && (name === undefined || there.length > 1)) {
    problems.push({
      field: `${field}.${name ?? takes[0]}`,
      message: name === undefined ? 'is missing.' : 'is there beside "values".',
      recommendation: name === undefined ? recommendation : 'Use one of the two.',
    });
    return;
  }
  if (name === 'value')
    checkValue(given['value'], `${field}.value`, {
      operator,
      ignoreCase: given['ignoreCase'] === true,
      problems,
    });
  else if (name === 'values')
    checkValues(given['values'], `${field}.values`, {
      operator,
      ignoreCase: given['ignoreCase'] === true,
      problems,
    });
}

/** What a value is judged by, and where the verdict goes. */
interface Judging {
  readonly operator: FilterOperator;
  readonly ignoreCase: boolean;
  readonly problems: InputProblem[];
}

function checkValues(given: unknown, field: string, judging: Judging): void {
  const most = filterLimits.values;
  if (Array.isArray(given) && given.length > 0 && given.length <= most) {
    given.forEach((each: unknown, i) => {
      checkValue(each, `${field}[${i}]`, judging);
    });
    return;
  }
  judging.problems.push({
    field,
    message: Array.isArray(given) ? `has ${given.length} values; 1 to ${most} are allowed.` : 'is no list.',
    recommendation:
      'Write the values as a list in brackets; a longer list goes into two filters, or behind starts_with or cidr.',
  });
}

function checkValue(given: unknown, field: string, { operator, ignoreCase, problems }: Judging): void {
  const { problem, recommendation } = operands[operator];
  if (JSON.isRawJSON(given) || (typeof given === 'number' && !isKept(given))) {
    problems.push({
      field,
      message: 'is a number with more digits than are kept exactly.',
      recommendation: 'Write it as text, in quotes: it is compared as a number all the same.',
    });
    return;
  }
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') {
    problems.push({ field, message: 'is neither text nor number nor true nor false.', recommendation });
    return;
  }
  if (typeof given === 'string' && given.length > filterLimits.valueLength) {
    problems.push({
      field,
      message: `has ${given.length} characters, more than ${filterLimits.valueLength}.`,
      recommendation: 'Shorten it: contains or starts_with need only a part.',
    });
    return;
  }
  const message = problem(given, ignoreCase);
  if (message !== undefined) problems.push({ field, message, recommendation });
}

/** The state table refuses whole numbers beyond 2^53, and numbers too close to 0. */
function isKept(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === 0 || Math.abs(value) >= 1e-100);
}

function patternProblem(source: string, ignoreCase: boolean): string | undefined {
  try {
    new Pattern(source, ignoreCase);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return `${error.message}.`;
  }
}
