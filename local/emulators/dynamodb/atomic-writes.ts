import type { BatchStep, DynaliteDb, DynaliteStore, Item, TableDescription } from './dynalite-internals.ts';

const writesByStore = new WeakMap<DynaliteStore, AtomicWrites>();
const patched = new WeakSet<DynaliteDb>();

/**
 * Makes every write of an item one LevelDB batch, together with its index entries, and several writes one batch
 * inside `transaction`.
 *
 * dynalite deletes old index entries, then puts new ones, then puts the item, each on its own. A kill in between
 * would leave an item without its index entry, or an entry that no item explains: a stream that is never found due
 * again, or always. LevelDB applies a batch wholly or not at all.
 */
export class AtomicWrites {
  readonly #db: DynaliteDb;
  readonly #putNow: DynaliteStore['db']['put'];
  readonly #deleteNow: DynaliteStore['db']['del'];
  readonly #batchNow: DynaliteStore['db']['batch'];
  /** Index steps by the key of the item whose write follows; dynalite holds a lock on that key meanwhile. */
  readonly #indexSteps = new Map<string, readonly BatchStep[]>();
  #collected: BatchStep[] | undefined;

  constructor(db: DynaliteDb, store: DynaliteStore) {
    this.#db = db;
    this.#putNow = store.db.put.bind(store.db);
    this.#deleteNow = store.db.del.bind(store.db);
    this.#batchNow = store.db.batch.bind(store.db);
    store.db.put = (key, value, done) => this.#write({ type: 'put', key, value }, done);
    store.db.del = (key, done) => this.#write({ type: 'del', key }, done);
    writesByStore.set(store, this);
    patchUpdateIndexes(db);
  }

  /**
   * Runs `run` and writes at its end what it wrote, all or nothing; when it throws, nothing is written. Reads see
   * the state before. Nobody else may write meanwhile: the caller holds the write lock.
   */
  async transaction<T>(run: () => Promise<T>): Promise<T> {
    const collected: BatchStep[] = [];
    this.#collected = collected;
    let result: T;
    try {
      result = await run();
    } finally {
      this.#collected = undefined;
    }
    await new Promise<void>((resolve, reject) => {
      this.#batchNow(collected, (error) => (error ? reject(error) : resolve()));
    });
    return result;
  }

  /** Notes the index entries that change with the item that dynalite writes next under the same key. */
  stageIndexes(table: TableDescription, existing: Item | undefined, item: Item | undefined): void {
    const anItem = item ?? existing;
    if (anItem === undefined) return;
    const steps = [
      ...this.#indexStepsOf('local', table.LocalSecondaryIndexes, table, existing, item),
      ...this.#indexStepsOf('global', table.GlobalSecondaryIndexes, table, existing, item),
    ];
    if (steps.length === 0) return;
    this.#indexSteps.set(`item-${table.TableName}~${this.#db.createKey(anItem, table)}`, steps);
  }

  #indexStepsOf(
    scope: 'local' | 'global',
    indexes: TableDescription['GlobalSecondaryIndexes'],
    table: TableDescription,
    existing: Item | undefined,
    item: Item | undefined,
  ): BatchStep[] {
    const prefix = (index: string) => `index-${scope}~${table.TableName}~${index}~`;
    const actions = this.#db.getIndexActions(indexes ?? [], existing, item, table);
    return [
      ...actions.deletes.map(({ index, key }): BatchStep => ({ type: 'del', key: prefix(index) + key })),
      ...actions.puts.map(
        (put): BatchStep => ({ type: 'put', key: prefix(put.index) + put.key, value: put.item }),
      ),
    ];
  }

  #write(step: BatchStep, done: (error?: unknown) => void): void {
    const indexSteps = this.#indexSteps.get(step.key) ?? [];
    this.#indexSteps.delete(step.key);
    if (this.#collected !== undefined && step.key.startsWith('item-')) {
      this.#collected.push(...indexSteps, step);
      setImmediate(done);
    } else if (indexSteps.length > 0) {
      this.#batchNow([...indexSteps, step], done);
    } else if (step.type === 'put') {
      this.#putNow(step.key, step.value, done);
    } else {
      this.#deleteNow(step.key, done);
    }
  }
}

/** Once per process: dynalite has one `updateIndexes` for all stores. */
function patchUpdateIndexes(db: DynaliteDb): void {
  if (patched.has(db)) return;
  patched.add(db);
  const original = db.updateIndexes;
  db.updateIndexes = (store, table, existing, item, done) => {
    const writes = writesByStore.get(store);
    if (writes === undefined) {
      original(store, table, existing, item, done);
      return;
    }
    writes.stageIndexes(table, existing ?? undefined, item ?? undefined);
    done();
  };
}
