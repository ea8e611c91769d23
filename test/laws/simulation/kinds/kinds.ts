import type { SimConsole, SimConsoleOptions } from '../sim-console.ts';
import { DataLakeQueriesConsole } from './data-lake-queries.ts';
import { GrowingConsole } from './growing.ts';
import { ItemsConsole } from './items.ts';
import { ItemsTwoWaysConsole } from './items-two-ways.ts';
import { RevisedConsole } from './revised.ts';
import { RevisitedConsole } from './revisited.ts';
import { ScopedItemsConsole } from './scoped-items.ts';
import { SnapshotsConsole } from './snapshots.ts';
import { StartedQueriesConsole } from './started-queries.ts';

/** The consoles that a world may have; lists with a time filter are most of what there is. */
export const kinds: readonly (new (options: SimConsoleOptions) => SimConsole)[] = [
  ItemsConsole,
  ItemsConsole,
  ItemsConsole,
  ItemsConsole,
  GrowingConsole,
  GrowingConsole,
  RevisedConsole,
  RevisitedConsole,
  SnapshotsConsole,
  ScopedItemsConsole,
  ItemsTwoWaysConsole,
  StartedQueriesConsole,
  StartedQueriesConsole,
  DataLakeQueriesConsole,
];
