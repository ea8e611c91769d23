import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { dangerClasses } from '../../../../shared/actions/action-type.ts';
import { excludedActions } from '../../../../shared/actions/excluded.ts';
import { actionTypes, findActionType } from '../../../../shared/actions/registry.ts';
import { targetKinds } from '../../../../shared/actions/subject.ts';

const folder = new URL('../../../../shared/actions/catalogue/', import.meta.url);
const files = readdirSync(fileURLToPath(folder)).filter((file) => file.endsWith('.ts'));
const tests = readdirSync(fileURLToPath(new URL('.', import.meta.url)));

/** What a file exports that has the parts of an action type. */
async function declarationsOf(file: string): Promise<readonly unknown[]> {
  const exported: Record<string, unknown> = await import(new URL(file, folder).href);
  return Object.values(exported).filter(
    (value) => typeof value === 'object' && value !== null && 'doneWhen' in value && 'observe' in value,
  );
}

describe('the registry of action types', () => {
  it.each(files)('has the action type of %s exactly once, under the name of the file', async (file) => {
    const declarations = await declarationsOf(file);
    expect(declarations).toHaveLength(1);
    const registered = actionTypes.filter((type) => type === declarations[0]);
    expect(registered.map(({ id }) => `${id}.ts`)).toEqual([file]);
  });

  it('has nothing but the action types of the files', () => {
    expect(actionTypes).toHaveLength(files.length);
  });

  it.each(actionTypes)('has a test for $id', ({ id }) => {
    expect(tests).toContain(`${id}.test.ts`);
  });

  it.each(actionTypes)('finds $id', (type) => {
    expect(findActionType(type.id)).toBe(type);
  });

  it.each(['', 'Contain', 'constructor', 'no-such-action'])('finds nothing for "%s"', (id) => {
    expect(findActionType(id)).toBeUndefined();
  });

  it('has no title twice', () => {
    expect(new Set(actionTypes.map(({ title }) => title)).size).toBe(actionTypes.length);
  });
});

describe.each(actionTypes)('the action type $id', (type) => {
  it('says what it is', () => {
    expect(type.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(type.title).toMatch(/^[A-Z].*[^.]$/);
    expect(type.description).toMatch(/^[A-Z].*\.$/);
    expect(type.doneWhen).toMatch(/^[A-Z].*\.$/);
    expect(type.permission).toMatch(/^[A-Z][A-Za-z ]+\.[A-Za-z]+$/);
    expect(targetKinds).toContain(type.target);
    expect(dangerClasses).toContain(type.danger);
    expect(type.typicalSeconds).toBeGreaterThan(0);
    expect(type.timeoutMinutes * 60).toBeGreaterThan(type.typicalSeconds);
  });

  it('takes its example, and nothing that it does not name', () => {
    expect(z.safeParse(type.parameters, type.example).error?.issues).toBeUndefined();
    expect(z.safeParse(type.parameters, { ...type.example, other: 1 }).success).toBe(false);
    expect(() => z.toJSONSchema(type.parameters, { unrepresentable: 'any' })).not.toThrow();
  });

  it('is undone by action types that there are, with the same kind of target', () => {
    expect(type.revertedBy.map((id) => findActionType(id)?.target)).toEqual(
      type.revertedBy.map(() => type.target),
    );
  });

  it('has in its place only an action type with the same kind of target', () => {
    const instead = type.instead?.({ kind: type.target, id: '1', record: {} });
    if (instead !== undefined) expect(findActionType(instead.action)?.target).toBe(type.target);
  });

  it('needs the endpoint exactly where something happens there that can be seen', () => {
    const isSeen = type.activityTypes.length > 0;
    expect(type.needsEndpoint).toBe(isSeen);
    if (type.danger === 'console') expect(isSeen).toBe(false);
  });
});

describe('what is left out', () => {
  it('has its reason, and is not there', () => {
    for (const { id, title, reason } of excludedActions) {
      expect(findActionType(id), id).toBeUndefined();
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(reason).toMatch(/^[A-Z].*\.$/);
    }
    expect(new Set(excludedActions.map(({ id }) => id)).size).toBe(excludedActions.length);
  });
});
