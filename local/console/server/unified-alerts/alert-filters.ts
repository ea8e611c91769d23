import { invalidParameter } from '../vendor-error.ts';
import type { AlertField } from './alert-fields.ts';

/** `FilterInput` of the schema, as far as it was given. */
export interface AlertFilter {
  readonly fieldId: string;
  readonly isNegated?: boolean | null;
  readonly [comparator: string]: unknown;
}

type Test = (row: number) => boolean;

/**
 * Reads one filter. A value that the field never has finds nothing, and is no error. Throws 400, which GraphQL answers in its
 * own way, for a field that is unknown and for a comparator that is not the field's.
 */
export function readAlertFilter(fields: Readonly<Record<string, AlertField>>, filter: AlertFilter): Test {
  const { fieldId, isNegated, ...rest } = filter;
  const comparators = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  const [first] = comparators;
  const field = Object.hasOwn(fields, fieldId) ? fields[fieldId] : undefined;
  if (field === undefined) throw invalidParameter('fieldId', `There is no field ${fieldId}.`);
  if (first === undefined || comparators.length > 1)
    throw invalidParameter(fieldId, 'Exactly one comparator is wanted.');
  const [comparator, operand] = first;
  const test = readComparator(field, comparator, operand);
  if (test === undefined) throw invalidParameter(fieldId, `${comparator} is not supported for this field.`);
  return isNegated === true ? (row) => !test(row) : test;
}

function readComparator(field: AlertField, comparator: string, operand: unknown): Test | undefined {
  switch (`${field.kind} ${comparator}`) {
    case 'time dateTimeRange':
    case 'time longRange':
      return within(field, operand);
    case 'text stringEqual':
    case 'flag booleanEqual':
      return oneOf(field, [operandOf(operand, 'value')]);
    case 'text stringIn':
    case 'flag booleanIn':
      return oneOf(field, listOf(operand, 'values'));
    case 'text match':
      return containing(field, listOf(operand, 'values'));
    default:
      return undefined;
  }
}

function oneOf(field: AlertField, values: readonly unknown[]): Test {
  const wanted = new Set(values);
  return (row) => wanted.has(field.get(row));
}

function containing(field: AlertField, values: readonly unknown[]): Test {
  const wanted = values.map((value) => String(value).toLowerCase());
  return (row) => {
    const text = String(field.get(row) ?? '').toLowerCase();
    return wanted.some((part) => text.includes(part));
  };
}

/** Both ends are inclusive unless they are said not to be; what has no such time is never within. */
function within(field: AlertField, operand: unknown): Test {
  const { start, end } = rangeOf(operand);
  const isFrom = operandOf(operand, 'startInclusive') !== false;
  const isTo = operandOf(operand, 'endInclusive') !== false;
  return (row) => {
    const ms = field.get(row);
    if (typeof ms !== 'number') return false;
    return (isFrom ? ms >= start : ms > start) && (isTo ? ms <= end : ms < end);
  };
}

/** The ends of a range, infinite where there is none. Throws 400. */
export function rangeOf(operand: unknown): { readonly start: number; readonly end: number } {
  return {
    start: boundOf(operand, 'start') ?? Number.NEGATIVE_INFINITY,
    end: boundOf(operand, 'end') ?? Number.POSITIVE_INFINITY,
  };
}

function boundOf(operand: unknown, name: string): number | undefined {
  const value = operandOf(operand, name) ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw invalidParameter(name, 'Must be a time in epoch milliseconds.');
  return value;
}

function listOf(operand: unknown, name: string): readonly unknown[] {
  const value = operandOf(operand, name);
  return Array.isArray(value) ? value : [];
}

function operandOf(operand: unknown, name: string): unknown {
  return typeof operand === 'object' && operand !== null ? Reflect.get(operand, name) : undefined;
}
