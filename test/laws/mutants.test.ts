import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { allMutants } from './mutants/all-mutants.ts';

const root = path.resolve(import.meta.dirname, '../..');

// Run by hand they take minutes; that each of them still fits its source is known at once.
it('every mutant finds its place in the source, once', () => {
  const lost = allMutants.flatMap(({ name, edits }) =>
    edits
      .map(({ file, from }) => ({
        name,
        file,
        from,
        count: readFileSync(path.join(root, file), 'utf8').split(from).length - 1,
      }))
      .filter(({ count }) => count !== 1),
  );
  expect(lost).toStrictEqual([]);
});

it('no two mutants have one name', () => {
  const names = allMutants.map(({ name }) => name);
  expect(names.length).toBe(new Set(names).size);
});
