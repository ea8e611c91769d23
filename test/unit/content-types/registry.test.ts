import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  contentType,
  contentTypeIds,
  contentTypes,
  withCompanions,
} from '../../../shared/content-types/registry.ts';
import { goldenCases } from '../../golden/golden-pairs.ts';

const folder = new URL('../../../shared/content-types/', import.meta.url);
const noDeclarations = ['content-type.ts', 'registry.ts'];

/** What a file exports that has the parts of a declaration. */
async function declarationsOf(file: string): Promise<readonly unknown[]> {
  const exported: Record<string, unknown> = await import(new URL(file, folder).href);
  return Object.values(exported).filter(
    (value) => typeof value === 'object' && value !== null && 'msgClass' in value && 'reading' in value,
  );
}

describe('the registry', () => {
  const files = readdirSync(fileURLToPath(folder)).filter(
    (file) => file.endsWith('.ts') && !noDeclarations.includes(file),
  );

  it.each(files)('has the content type of %s exactly once', async (file) => {
    const declarations = await declarationsOf(file);
    expect(declarations).toHaveLength(1);
    expect(contentTypes.filter((registered) => registered === declarations[0])).toHaveLength(1);
  });

  it('has nothing but the content types of the files', () => {
    expect(contentTypes).toHaveLength(files.length);
  });

  it.each(['id', 'label'] as const)('has no %s twice', (name) => {
    const values = contentTypes.map((registered) => registered[name]);
    expect(new Set(values).size).toBe(values.length);
  });

  it.each(contentTypes)('finds $id, which has a golden pair', (registered) => {
    expect(contentType(registered.id)).toBe(registered);
    expect(goldenCases(registered.id).vendor.length).toBeGreaterThan(0);
  });

  it.each(contentTypes)('has for $id names that fit into keys and file names', (registered) => {
    expect(registered.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(registered.msgClass).toMatch(/^sentinelone_[a-z_]+$/);
  });

  it.each(['', 'Agents', 'constructor', 'no-such-type'])('finds nothing for "%s"', (id) => {
    expect(contentType(id)).toBeUndefined();
  });

  it('has no msg_class twice, but for companions: another way to the same data', () => {
    const companions = new Set(contentTypes.flatMap((registered) => registered.companions ?? []));
    const classes = contentTypes.filter(({ id }) => !companions.has(id)).map(({ msgClass }) => msgClass);
    expect(new Set(classes).size).toBe(classes.length);
    for (const { companions: own = [], msgClass } of contentTypes)
      expect(own.map((id) => contentType(id)?.msgClass)).toEqual(own.map(() => msgClass));
  });

  it('tells the ids', () => {
    expect(contentTypeIds).toEqual(contentTypes.map(({ id }) => id));
    expect(contentTypeIds).toContain('deep-visibility');
  });

  it('adds companions once', () => {
    expect(withCompanions(['agents', 'threats'])).toEqual(['agents', 'agents-snapshot', 'threats']);
    expect(withCompanions(['alerts', 'alert-changes'])).toEqual(['alerts', 'alert-changes']);
    expect(withCompanions(['no-such-type'])).toEqual(['no-such-type']);
  });
});
