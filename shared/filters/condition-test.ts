import type { Json, JsonObject } from '../json.ts';
import { equalityTest } from './equality.ts';
import { parseFieldPath, someValueAt } from './field-path.ts';
import type { FilterCondition, FilterOperator } from './log-filter.ts';
import { networksTest } from './networks.ts';
import { boundOf } from './order.ts';
import { Pattern } from './pattern/pattern.ts';
import { scalarText } from './scalar-text.ts';

/** The positive operators; each negative one is the opposite of one of them. */
type PositiveOperator = Exclude<FilterOperator, 'not_equals' | 'not_in' | 'not_exists'>;

const oppositeOf: ReadonlyMap<FilterOperator, PositiveOperator> = new Map([
  ['not_equals', 'equals'],
  ['not_in', 'in'],
  ['not_exists', 'exists'],
]);

/**
 * A test of records. A positive condition holds where any value at the field passes, so of a list any element; a negative one
 * holds where the positive one does not, so also where there is no value. The condition must be a valid one (`readFilters`).
 */
export function conditionTest(condition: FilterCondition): (record: JsonObject) => boolean {
  const path = parseFieldPath(condition.field);
  if (path === undefined) throw new Error(`${condition.field} is no field.`);
  const opposite = oppositeOf.get(condition.operator);
  const test = valueTest(condition, opposite ?? (condition.operator as PositiveOperator));
  return opposite === undefined
    ? (record) => someValueAt(record, path, test)
    : (record) => !someValueAt(record, path, test);
}

function valueTest(condition: FilterCondition, operator: PositiveOperator): (value: Json) => boolean {
  const { value = '', values = [], ignoreCase = false } = condition;
  switch (operator) {
    case 'exists':
      return () => true;
    case 'equals':
      return equalityTest(value, ignoreCase);
    case 'in': {
      const tests = values.map((each) => equalityTest(each, ignoreCase));
      return (found) => tests.some((test) => test(found));
    }
    case 'contains':
      return textTest(value, ignoreCase, (text, part) => text.includes(part));
    case 'starts_with':
      return textTest(value, ignoreCase, (text, part) => text.startsWith(part));
    case 'ends_with':
      return textTest(value, ignoreCase, (text, part) => text.endsWith(part));
    case 'matches': {
      const pattern = new Pattern(String(value), ignoreCase);
      return (found) => {
        const text = scalarText(found);
        return text !== undefined && pattern.test(text);
      };
    }
    case 'gt':
      return orderTest(value, (order) => order > 0);
    case 'gte':
      return orderTest(value, (order) => order >= 0);
    case 'lt':
      return orderTest(value, (order) => order < 0);
    case 'lte':
      return orderTest(value, (order) => order <= 0);
    case 'cidr':
      return networksTest((condition.values ?? [value]).map(String));
  }
}

function textTest(
  value: string | number | boolean,
  ignoreCase: boolean,
  holds: (text: string, part: string) => boolean,
): (value: Json) => boolean {
  const part = ignoreCase ? String(value).toLowerCase() : String(value);
  return (found) => {
    const text = scalarText(found);
    return text !== undefined && holds(ignoreCase ? text.toLowerCase() : text, part);
  };
}

function orderTest(
  value: string | number | boolean,
  holds: (order: number) => boolean,
): (value: Json) => boolean {
  const bound = typeof value === 'boolean' ? undefined : boundOf(value);
  if (bound === undefined) throw new Error(`${value} is neither a number nor a time.`);
  return (found) => {
    const order = bound(found);
    return order !== undefined && holds(order);
  };
}
