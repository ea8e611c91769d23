import { createRequire } from 'node:module';

/** A record of the table as dynalite keeps it. */
export interface TableDescription {
  readonly TableName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  TableStatus: string;
  readonly LocalSecondaryIndexes?: readonly IndexDescription[];
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
}

/** One index of a table. */
export interface IndexDescription {
  IndexStatus?: string;
}

/** An item in DynamoDB's JSON. */
export type Item = Readonly<Record<string, unknown>>;

/** A step of a LevelDB batch. */
export type BatchStep =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

type Done<T = void> = (error?: unknown, value?: T) => void;

/** The one LevelDB behind everything; tables, items and indices are key prefixes in it. */
export interface LevelDatabase {
  open(): Promise<void>;
  put(key: string, value: unknown, done: Done): void;
  del(key: string, done: Done): void;
  batch(steps: readonly BatchStep[], done: Done): void;
}

/** What `db.create` returns. */
export interface DynaliteStore {
  readonly db: LevelDatabase;
  readonly tableDb: {
    awsRegion: string;
    awsAccountId: string;
    get(name: string, done: Done<TableDescription>): void;
    put(name: string, table: TableDescription, done: Done): void;
  };
  readonly lifecycleManager: { gracefulClose(): Promise<void> };
}

interface IndexActions {
  readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Item }[];
  readonly deletes: readonly { readonly index: string; readonly key: string }[];
}

/** dynalite/db. `updateIndexes` is called through this object, so replacing it here replaces it everywhere. */
export interface DynaliteDb {
  create(options: {
    path: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): DynaliteStore;
  createKey(item: Item, table: TableDescription): string;
  getIndexActions(
    indexes: readonly IndexDescription[],
    existing: Item | undefined | null,
    item: Item | undefined | null,
    table: TableDescription,
  ): IndexActions;
  updateIndexes(
    store: DynaliteStore,
    table: TableDescription,
    existing: Item | undefined | null,
    item: Item | undefined | null,
    done: Done,
  ): void;
}

/** One operation: how its input is checked, and what carries it out. */
export interface DynaliteOperation {
  readonly types: unknown;
  readonly custom: unknown;
  run(store: DynaliteStore, input: unknown, done: Done<Record<string, unknown>>): void;
}

/** The parts of dynalite that the engine stands on. */
export interface Dynalite {
  readonly db: DynaliteDb;
  checkTypes(input: unknown, types: unknown): unknown;
  checkValidations(input: unknown, types: unknown, custom: unknown, store: DynaliteStore): void;
  readonly operations: ReadonlyMap<string, DynaliteOperation>;
}

const version = '4.0.0';

const operationNames = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
];

/**
 * Loads dynalite's inner modules and checks that they are what this folder was written against.
 * @throws Error naming what is different.
 */
export function loadDynalite(): Dynalite {
  const require = createRequire(import.meta.url);
  const manifest: unknown = require('dynalite/package.json');
  const found = isRecord(manifest) ? manifest['version'] : undefined;
  if (found !== version) {
    throw new Error(
      `dynalite ${String(found)} is installed but the DynamoDB emulator is written for exactly ${version}: ` +
        'install that version, or check local/emulators/dynamodb against the new one.',
    );
  }
  const db: unknown = require('dynalite/db');
  const validations: unknown = require('dynalite/validations');
  const dbIsAsExpected = hasFunctions<DynaliteDb>(
    db,
    'create',
    'createKey',
    'getIndexActions',
    'updateIndexes',
  );
  if (!dbIsAsExpected) throw changed('dynalite/db');
  if (
    !hasFunctions<Pick<Dynalite, 'checkTypes' | 'checkValidations'>>(
      validations,
      'checkTypes',
      'checkValidations',
    )
  ) {
    throw changed('dynalite/validations');
  }
  const operations = new Map(operationNames.map((name) => [name, loadOperation(require, name)]));
  return {
    db,
    operations,
    checkTypes: (input, types) => validations.checkTypes(input, types),
    checkValidations: (input, types, custom, store) =>
      validations.checkValidations(input, types, custom, store),
  };
}

/** @throws Error when a fresh store lacks what the engine uses. */
export function checkStore(store: DynaliteStore): void {
  const asExpected =
    hasFunctions(store.db, 'open', 'put', 'del', 'batch') &&
    hasFunctions(store.tableDb, 'get', 'put') &&
    hasFunctions(store.lifecycleManager, 'gracefulClose');
  if (!asExpected) throw changed('the store of dynalite/db');
}

function loadOperation(require: NodeJS.Require, name: string): DynaliteOperation {
  const file = name.charAt(0).toLowerCase() + name.slice(1);
  const run: unknown = require(`dynalite/actions/${file}`);
  const validation: unknown = require(`dynalite/validations/${file}`);
  if (!isFunction(run)) throw changed(`dynalite/actions/${file}`);
  if (!isRecord(validation) || !isRecord(validation['types'])) throw changed(`dynalite/validations/${file}`);
  return { run, types: validation['types'], custom: validation['custom'] };
}

function changed(what: string): Error {
  return new Error(`${what} is not what dynalite ${version} has: reinstall the packages with npm ci.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isFunction(value: unknown): value is DynaliteOperation['run'] {
  return typeof value === 'function';
}

function hasFunctions<T>(value: unknown, ...names: (keyof T & string)[]): value is T {
  return isRecord(value) && names.every((name) => typeof value[name] === 'function');
}
