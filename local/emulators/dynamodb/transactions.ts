import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Fields } from '../aws-json-server.ts';
import { isConditionFailure, readItem } from './conditional-failure.ts';
import type { Engine } from './engine.ts';
import type { TableKeys } from './table-keys.ts';

const action = z.looseObject({ TableName: z.string() });
const item = z.record(z.string(), z.unknown());
const step = z.union([
  z.strictObject({ Put: action.extend({ Item: item }) }),
  z.strictObject({ Update: action.extend({ Key: item }) }),
  z.strictObject({ Delete: action.extend({ Key: item }) }),
  z.strictObject({ ConditionCheck: action.extend({ Key: item, ConditionExpression: z.string() }) }),
]);
const writeRequest = z.looseObject({
  TransactItems: z.array(step).min(1).max(100),
  ClientRequestToken: z.string().optional(),
});
const getRequest = z.looseObject({
  TransactItems: z
    .array(z.strictObject({ Get: action.extend({ Key: item }) }))
    .min(1)
    .max(100),
});

type Step = z.infer<typeof step>;

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

/** How long a repeated token is taken for the same request. */
const tokenLifeMs = 10 * 60_000;

/** TransactWriteItems and TransactGetItems. Every method must be called under the write lock. */
export class Transactions {
  readonly #engine: Engine;
  readonly #keys: TableKeys;
  readonly #now: () => number;
  /** Kept in memory only: after a restart a repeated transaction is judged by its conditions again. */
  readonly #tokens = new Map<string, { readonly fingerprint: string; readonly expiresAt: number }>();

  constructor(engine: Engine, keys: TableKeys, now: () => number) {
    this.#engine = engine;
    this.#keys = keys;
    this.#now = now;
  }

  /** @throws AwsError TransactionCanceledException with one reason per step, and nothing is written. */
  async write(input: Fields): Promise<Fields> {
    const request = parse(writeRequest, input);
    const fingerprint = createHash('sha256').update(JSON.stringify(request.TransactItems)).digest('hex');
    if (this.#wasDone(request.ClientRequestToken, fingerprint)) return {};
    await this.#refuseRepeatedItems(request.TransactItems);
    await this.#engine.transaction(async () => {
      const reasons: Reason[] = [];
      for (const wanted of request.TransactItems) reasons.push(await this.#apply(wanted));
      if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
    });
    this.#remember(request.ClientRequestToken, fingerprint);
    return {};
  }

  async get(input: Fields): Promise<Fields> {
    const responses: Fields[] = [];
    for (const { Get } of parse(getRequest, input).TransactItems) {
      const output = await this.#engine.execute('GetItem', { ...Get, ConsistentRead: true });
      responses.push(output['Item'] === undefined ? {} : { Item: output['Item'] });
    }
    return { Responses: responses };
  }

  async #apply(wanted: Step): Promise<Reason> {
    const [operation, input] = await this.#asWrite(wanted);
    try {
      await this.#engine.execute(operation, input);
      return { Code: 'None' };
    } catch (error) {
      if (isConditionFailure(error)) {
        const asked = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
        const old = asked ? await readItem(this.#engine, this.#keys, operation, input) : undefined;
        return {
          Code: 'ConditionalCheckFailed',
          Message: error.message,
          ...(old === undefined ? {} : { Item: old }),
        };
      }
      if (error instanceof AwsError && error.code === 'ValidationException') {
        return { Code: 'ValidationError', Message: error.message };
      }
      throw error;
    }
  }

  async #asWrite(wanted: Step): Promise<[operation: string, input: Fields]> {
    if ('Put' in wanted) return ['PutItem', wanted.Put];
    if ('Update' in wanted) return ['UpdateItem', wanted.Update];
    if ('Delete' in wanted) return ['DeleteItem', wanted.Delete];
    // A check is a write that changes nothing: the same item again, or the delete of one that is not there.
    const { Key, ...check } = wanted.ConditionCheck;
    const old = await readItem(this.#engine, this.#keys, 'DeleteItem', wanted.ConditionCheck);
    return old === undefined ? ['DeleteItem', { ...check, Key }] : ['PutItem', { ...check, Item: old }];
  }

  async #refuseRepeatedItems(steps: readonly Step[]): Promise<void> {
    const seen = new Set<string>();
    for (const wanted of steps) {
      const { table, key } = await this.#target(wanted);
      const name = JSON.stringify([table, Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1))]);
      if (seen.has(name)) {
        throw new AwsError(
          'ValidationException',
          'Transaction request cannot include multiple operations on one item',
        );
      }
      seen.add(name);
    }
  }

  async #target(wanted: Step): Promise<{ readonly table: string; readonly key: Fields }> {
    if ('Put' in wanted) {
      const { TableName: table, Item } = wanted.Put;
      return { table, key: await this.#keys.keyOf(table, Item) };
    }
    const on =
      'Update' in wanted ? wanted.Update : 'Delete' in wanted ? wanted.Delete : wanted.ConditionCheck;
    return { table: on.TableName, key: on.Key };
  }

  #wasDone(token: string | undefined, fingerprint: string): boolean {
    const done = token === undefined ? undefined : this.#tokens.get(token);
    if (done === undefined || done.expiresAt <= this.#now()) return false;
    if (done.fingerprint === fingerprint) return true;
    throw new AwsError('IdempotentParameterMismatchException', 'The token was used for another transaction.');
  }

  #remember(token: string | undefined, fingerprint: string): void {
    const now = this.#now();
    for (const [old, { expiresAt }] of this.#tokens) if (expiresAt <= now) this.#tokens.delete(old);
    if (token !== undefined) this.#tokens.set(token, { fingerprint, expiresAt: now + tokenLifeMs });
  }
}

function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function parse<S extends z.ZodType>(schema: S, input: Fields): z.infer<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AwsError(
    'ValidationException',
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
  );
}
