import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import packageJson from '../../package.json' with { type: 'json' };
import { openApiDocument } from '../../shared/api/openapi.ts';
import { routes } from '../../shared/api/registry.ts';
import { apiWorld } from '../support/api-world.ts';
import { actionWorld } from '../unit/api/action-support.ts';
import { apiPage } from './api-page.ts';
import { actionCalls, walk } from './api-walk.ts';
import { problemCodes } from './problem-codes.ts';

/** `UPDATE_DOCS=1 npx vitest run test/docs` writes the files as the code says they are today. */
const update = process.env['UPDATE_DOCS'] === '1';
const root = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const made = openApiDocument(routes, packageJson.version);

it.each([
  ['docs/openapi.json', () => `${JSON.stringify(made, undefined, 2)}\n`] as const,
  ['docs/api.md', () => apiPage(routes)] as const,
])('%s is current', (name, page) => {
  if (update) writeFileSync(root(name), page());
  expect(readFileSync(root(name), 'utf8')).toBe(page());
});

describe('the OpenAPI document', () => {
  it('is one, by a validator that is not ours', async () => {
    const outcome = await new Validator().validate(structuredClone({ ...made }));
    expect(outcome.errors ?? []).toEqual([]);
    expect(outcome.valid).toBe(true);
  });

  it('has only references that lead somewhere', () => {
    const references = [...JSON.stringify(made).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = '']) => to);
    expect(references.length).toBeGreaterThan(0);
    for (const to of references) {
      const found = to
        .replace(/^#\//, '')
        .split('/')
        .reduce((at: unknown, name) => Object(at)[name], made);
      expect(found, to).toBeDefined();
    }
  });

  it('says that something may be null beside its type, where OpenAPI 3.0 counts it', () => {
    const nullable = everyObjectIn(made).filter((one) => Object.hasOwn(one, 'nullable'));
    expect(nullable.length).toBeGreaterThan(0);
    for (const one of nullable) expect(one).toHaveProperty('type');
  });

  it('shows an answer that is no JSON as what it is, with the header that may come with it', () => {
    const { responses } = Object(Object(made['paths'])['/v1/actions/export']).get;
    expect(Object.keys(responses['200'].content)).toEqual(['text/csv']);
    expect(responses['200'].content['text/csv'].schema).toEqual({ type: 'string' });
    expect(Object.keys(responses['200'].headers)).toEqual(['X-Next-Cursor']);
    expect(Object.keys(responses['404'].content)).toEqual(['application/problem+json']);
  });

  it('describes every group of operations', () => {
    for (const { name, description } of Object(made['tags']))
      expect(description, name).toMatch(/^[A-Z].*\.$/);
  });

  it('has every operation under a name, a group and a summary of its own', () => {
    const operations = Object.values(Object(made['paths'])).flatMap((path) =>
      Object.values(Object(path)).map(Object),
    );
    expect(operations).toHaveLength(routes.length);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = Object(made['tags']).map(({ name }: { name: string }) => name);
    for (const { operationId, tags: of, summary, responses } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(tags).toEqual(expect.arrayContaining(of));
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      expect(Object.keys(responses)).toContain('500');
    }
  });
});

describe.each(routes.map((route) => [route.id, route] as const))('%s', (_, route) => {
  it('has a body in its example that it takes', () => {
    expect(route.example !== undefined).toBe(route.body !== undefined);
    if (route.body !== undefined)
      expect(z.safeParse(route.body, route.example).error?.issues).toBeUndefined();
  });

  it('has answers in its examples that it may give', () => {
    for (const { schema, example } of Object.values(route.answers)) {
      if (route.id !== 'getOpenApi') expect(example !== undefined).toBe(schema !== undefined);
      if (schema !== undefined && example !== undefined)
        expect(z.safeParse(schema, example).error?.issues).toBeUndefined();
    }
  });

  it('names every part of its path once', () => {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(route.path).toMatch(/^\/v1(\/[a-z.-]+|\/\{\w+\})+$/);
  });
});

function everyObjectIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(everyObjectIn)];
}

it('docs/api.md knows every code that the sources have, and no other', () => {
  const folders = ['shared/api', 'shared/access', 'infra/constructs'];
  const sources = folders.flatMap((folder) =>
    readdirSync(root(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('schemas'))
      .map((name) => readFileSync(root(`${folder}/${name}`), 'utf8')),
  );
  const codes = sources.flatMap((text) =>
    [...text.matchAll(/(?:\bcode: |refusal\(|signed\()\s*'([a-z_]+)'/g)].map(([, code]) => code),
  );
  expect([...new Set(codes)].sort()).toEqual(Object.keys(problemCodes).sort());
});

it('the walk of docs/api.md can be taken', async () => {
  const world = apiWorld();
  const key = await world.key();
  for (const { title, method, path, body } of walk) {
    const { status, body: told } = await world.call(method, path, {
      key,
      ...(body === undefined ? {} : { body }),
    });
    expect(status, `${title}: ${told}`).toBeLessThan(300);
  }
});

it('the calls about actions in docs/api.md can be made', async () => {
  const { call, admin } = await actionWorld();
  for (const { title, method, path, body, headers = {} } of actionCalls) {
    const { status, body: told } = await call(method, path, {
      ...{ key: admin, headers },
      ...(body === undefined ? {} : { body }),
    });
    expect(status, `${title}: ${told}`).toBeLessThan(300);
  }
});
