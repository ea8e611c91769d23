import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { contentTypeIds } from '../../../shared/content-types/registry.ts';
import { filterOperators } from '../../../shared/filters/log-filter.ts';
import { readFilters } from '../../../shared/filters/read-filters.ts';

const page = readFileSync(new URL('../../../docs/filters.md', import.meta.url), 'utf8');
const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
/** Bars of a table's cells are written with a backslash. */
const conditions = [...page.matchAll(/^\| `.*\| `(\{.*\})` \|$/gm)].map(([, text = '']) =>
  text.replaceAll('\\|', '|'),
);

it('every example of docs/filters.md is valid, and there is one for each operator', () => {
  expect(readFilters(JSON.parse(example), contentTypeIds)).toMatchObject({ kind: 'valid' });
  const read = readFilters(
    conditions.map((text, i) => ({ name: `f${i}`, action: 'exclude', conditions: [JSON.parse(text)] })),
    contentTypeIds,
  );
  expect(read).toMatchObject({ kind: 'valid' });
  const shown = conditions.map((text) => JSON.parse(text).operator);
  expect(new Set([...shown, 'gt', 'gte', 'lte'])).toStrictEqual(new Set(filterOperators));
});
