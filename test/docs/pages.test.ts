import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { contentTypes } from '../../shared/content-types/registry.ts';
import { contentTypesPage } from './content-types-page.ts';
import { recordsPage } from './records-page.ts';

/** `UPDATE_DOCS=1 npx vitest run test/docs` writes the pages as the code says they are today. */
const update = process.env['UPDATE_DOCS'] === '1';

it.each([['content-types.md', contentTypesPage] as const, ['records.md', recordsPage] as const])(
  'docs/%s is current',
  (name, page) => {
    const made = page(contentTypes);
    const file = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
    if (update) writeFileSync(file, made);
    expect(readFileSync(file, 'utf8')).toBe(made);
  },
);
