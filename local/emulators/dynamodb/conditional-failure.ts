import { AwsError } from '../aws-error.ts';
import type { Fields } from '../aws-json-server.ts';
import type { Engine } from './engine.ts';
import type { TableKeys } from './table-keys.ts';

/**
 * Carries out one write. Where it asks for ALL_OLD on a failed condition, the error carries the item as it is,
 * which nobody can have changed in between: the caller holds the write lock.
 */
export async function writeItem(
  engine: Engine,
  keys: TableKeys,
  operation: string,
  input: Fields,
): Promise<Fields> {
  try {
    return await engine.execute(operation, input);
  } catch (error) {
    if (!isConditionFailure(error) || input['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD') throw error;
    const item = await readItem(engine, keys, operation, input);
    throw item === undefined ? error : new AwsError(error.code, error.message, error.status, { Item: item });
  }
}

/** True for the refusal of a write whose condition does not hold. */
export function isConditionFailure(error: unknown): error is AwsError {
  return error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
}

/** The stored item that a write is about, or undefined. */
export async function readItem(
  engine: Engine,
  keys: TableKeys,
  operation: string,
  input: Fields,
): Promise<unknown> {
  const table = String(input['TableName']);
  const key = operation === 'PutItem' ? await keys.keyOf(table, fieldsOf(input['Item'])) : input['Key'];
  const output = await engine.execute('GetItem', { TableName: table, Key: key, ConsistentRead: true });
  return output['Item'];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
