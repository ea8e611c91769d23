import fs from 'node:fs';
import { AwsError } from '../aws-error.ts';
import type { Fields } from '../aws-json-server.ts';
import { AtomicWrites } from './atomic-writes.ts';
import {
  checkStore,
  type Dynalite,
  type DynaliteStore,
  loadDynalite,
  type TableDescription,
} from './dynalite-internals.ts';

/** dynalite as a library: one LevelDB directory and the operations on it, without its HTTP server. */
export class Engine {
  readonly #dynalite: Dynalite;
  readonly #store: DynaliteStore;
  readonly #writes: AtomicWrites;

  private constructor(dynalite: Dynalite, store: DynaliteStore) {
    this.#dynalite = dynalite;
    this.#store = store;
    this.#writes = new AtomicWrites(dynalite.db, store);
  }

  /** @throws Error when another process has the directory open. */
  static async open(options: { path: string; region: string; accountId: string }): Promise<Engine> {
    const dynalite = loadDynalite();
    fs.mkdirSync(options.path, { recursive: true });
    const store = dynalite.db.create({
      path: options.path,
      createTableMs: 0,
      deleteTableMs: 0,
      updateTableMs: 0,
    });
    checkStore(store);
    try {
      await store.db.open();
    } catch (cause) {
      throw new Error(
        `Cannot open ${options.path}: stop the other process that uses it, or choose another stateDir.`,
        {
          cause,
        },
      );
    }
    store.tableDb.awsRegion = options.region;
    store.tableDb.awsAccountId = options.accountId;
    const engine = new Engine(dynalite, store);
    await engine.#finishCreations();
    return engine;
  }

  /** @throws AwsError as the service words it. */
  async execute(operation: string, input: Fields): Promise<Fields> {
    const known = this.#dynalite.operations.get(operation);
    if (known === undefined) {
      throw new AwsError('UnknownOperationException', `The local DynamoDB does not know ${operation}.`);
    }
    try {
      // dynalite writes into what it is given.
      const typed = this.#dynalite.checkTypes(structuredClone(input), known.types);
      this.#dynalite.checkValidations(typed, known.types, known.custom, this.#store);
      return await new Promise((resolve, reject) => {
        known.run(this.#store, typed, (error, output) => (error ? reject(error) : resolve(output ?? {})));
      });
    } catch (error) {
      throw asAwsError(error);
    }
  }

  /** See `AtomicWrites.transaction`. */
  transaction<T>(run: () => Promise<T>): Promise<T> {
    return this.#writes.transaction(run);
  }

  close(): Promise<void> {
    return this.#store.lifecycleManager.gracefulClose();
  }

  /** A process that is killed right after a CreateTable leaves the table in CREATING, where nothing would move it on. */
  async #finishCreations(): Promise<void> {
    for await (const name of this.#tableNames()) {
      const table = await new Promise<TableDescription>((resolve, reject) => {
        this.#store.tableDb.get(name, (error, value) => (value ? resolve(value) : reject(error)));
      });
      if (table.TableStatus !== 'CREATING') continue;
      table.TableStatus = 'ACTIVE';
      for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'ACTIVE';
      await new Promise<void>((resolve, reject) => {
        this.#store.tableDb.put(name, table, (error) => (error ? reject(error) : resolve()));
      });
    }
  }

  async *#tableNames(): AsyncGenerator<string> {
    let from: unknown;
    do {
      const page = await this.execute('ListTables', { ExclusiveStartTableName: from });
      if (!Array.isArray(page['TableNames']))
        throw new Error('dynalite listed no tables where a list was expected.');
      yield* page['TableNames'];
      from = page['LastEvaluatedTableName'];
    } while (from !== undefined);
  }
}

/** dynalite's refusals are Errors with `statusCode` and the answer's `body`. */
function asAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return error;
  const { statusCode, body } = error;
  if (typeof statusCode !== 'number' || typeof body !== 'object' || body === null) return error;
  const { __type: type, message, Message, ...details }: Record<string, unknown> = { ...body };
  return new AwsError(
    String(type).replace(/^.*#/, ''),
    String(message ?? Message ?? ''),
    statusCode,
    details,
  );
}
