import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { excludedActions } from '../../shared/actions/excluded.ts';
import { actionTypes } from '../../shared/actions/registry.ts';
import { actionReasonCodes } from './action-reason-codes.ts';
import { actionsSections } from './actions-sections.ts';

/** `UPDATE_DOCS=1 npx vitest run test/docs` writes the parts between the marks as the code says they are today. */
const update = process.env['UPDATE_DOCS'] === '1';
const root = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const file = root('docs/response-actions.md');
const sections = Object.entries(actionsSections(actionTypes, excludedActions));

it.each(sections)('docs/response-actions.md is current: %s', (name, made) => {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->\n`];
  const page = readFileSync(file, 'utf8');
  const [before = '', rest = ''] = page.split(start);
  const [, after = ''] = rest.split(end);
  const current = `${before}${start}\n${made}\n\n${end}${after}`;
  if (update) writeFileSync(file, current);
  expect(readFileSync(file, 'utf8')).toBe(current);
});

it('docs/response-actions.md knows every reason code that the catalogue has, and no other', () => {
  const codes = ['shared/actions/catalogue', 'shared/actions/kinds'].flatMap((folder) =>
    readdirSync(root(folder))
      .map((name) => readFileSync(root(`${folder}/${name}`), 'utf8'))
      .flatMap((text) => [...text.matchAll(/\bcode: '([a-z_]+)'/g)].map(([, code]) => code)),
  );
  expect([...new Set(codes)].sort()).toEqual(Object.keys(actionReasonCodes).sort());
});
