import { actionMutants } from './action-mutants.ts';
import { filterMutants } from './filter-mutants.ts';
import { type Mutant, mutants } from './mutants.ts';
import { queryMutants } from './query-mutants.ts';
import { readingMutants } from './reading-mutants.ts';

/** Every fault that the laws or the tests must notice. */
export const allMutants: readonly Mutant[] = [
  ...mutants,
  ...readingMutants,
  ...queryMutants,
  ...filterMutants,
  ...actionMutants,
];
