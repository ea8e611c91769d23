import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contentType, contentTypeIds, contentTypes } from '../../../shared/content-types/registry.ts';
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
  const files = readdirSync(fileURLToPath(folder)).filter((file) => !noDeclarations.includes(file));

  it.each(files)('has the content type of %s exactly once', async (file) => {
    const declarations = await declarationsOf(file);
    expect(declarations).toHaveLength(1);
    expect(contentTypes.filter((registered) => registered === declarations[0])).toHaveLength(1);
  });

  it('has nothing but the content types of the files', () => {
    expect(contentTypes).toHaveLength(files.length);
  });

  it.each(['id', 'label', 'msgClass'] as const)('has no %s twice', (name) => {
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

  it('tells the ids', () => {
    expect(contentTypeIds).toEqual(['agents', 'threats']);
  });
});
