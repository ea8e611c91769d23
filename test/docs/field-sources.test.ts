import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../shared/json.ts';
import { fieldAt, listAt, presentFields, textAt } from '../../shared/records/json-fields.ts';
import { fieldSources } from './field-sources.ts';
import { leavesOf, pathText, withLeaf } from './json-leaves.ts';
import { objectShapes } from './object-shapes.ts';

/** The sources of the one field that `make` makes. */
function sourcesOf(vendors: readonly JsonObject[], make: (vendor: JsonObject) => JsonObject[string]) {
  const [found, ...others] = fieldSources(vendors, (vendor) => presentFields({ made: make(vendor) ?? null }));
  expect(others).toEqual([]);
  return found;
}

describe('where a field comes from', () => {
  it('is one field', () => {
    expect(sourcesOf([{ a: 'x', b: 'y' }], (vendor) => textAt(vendor, 'a'))).toEqual({
      field: 'made',
      sources: ['a'],
      deciders: [],
      isAlwaysThere: false,
      outlivesSources: false,
      needed: [],
    });
  });

  it('is nothing, for a constant', () => {
    expect(sourcesOf([{ a: 'x' }], () => 'fixed')).toEqual({
      field: 'made',
      sources: [],
      deciders: [],
      constant: 'fixed',
      isAlwaysThere: true,
      outlivesSources: true,
      needed: [],
    });
  });

  it.each([
    { a: 'x', b: 'y', c: 'z' },
    { a: 'x', b: 'x', c: 'x' },
    { a: '7', b: '8', c: '7' },
  ])('is told in the order in which fields stand in for each other: %j', (vendor) => {
    const make = (from: JsonObject) => textAt(from, 'b') ?? textAt(from, 'c') ?? textAt(from, 'a');
    expect(sourcesOf([{ a: 'only' }, vendor], make)).toMatchObject({
      sources: ['b', 'c', 'a'],
      deciders: [],
    });
  });

  it('is told apart from what decides about it', () => {
    const make = (vendor: JsonObject) =>
      textAt(vendor, 'kind') === 'file' ? textAt(vendor, 'path') : undefined;
    expect(sourcesOf([{ kind: 'file', path: '/a' }], make)).toMatchObject({
      sources: ['path'],
      deciders: ['kind'],
      needed: ['kind'],
    });
  });

  it('is found where a field decides that has another value in other objects only', () => {
    const make = (vendor: JsonObject) =>
      textAt(vendor, 'path') ?? (textAt(vendor, 'kind') === 'x' ? 'a' : undefined);
    const vendors = [
      { kind: 'y', path: null },
      { kind: 'x', path: '/a' },
    ];
    expect(sourcesOf(vendors, make)?.deciders).toEqual(['kind']);
  });

  it('is found where one of several fields is enough to decide', () => {
    const make = (vendor: JsonObject) =>
      (textAt(vendor, 'ip') ?? textAt(vendor, 'ip6')) === undefined ? undefined : textAt(vendor, 'name');
    expect(sourcesOf([{ ip: '10.0.0.1', ip6: '::2', name: 'n' }], make)).toMatchObject({
      sources: ['name'],
      deciders: ['ip', 'ip6'],
      needed: [],
    });
  });

  it('is always there where something stands in for it', () => {
    const make = (vendor: JsonObject) => (textAt(vendor, 'a') === 'x' ? 'seen' : 'unseen');
    expect(sourcesOf([{ a: 'x' }], make)).toMatchObject({ sources: ['a'], isAlwaysThere: true });
  });

  it('may be there for the sake of what decides about it', () => {
    const make = (vendor: JsonObject) =>
      textAt(vendor, 'word') ?? (textAt(vendor, 'score') === '9' ? 'high' : undefined);
    expect(sourcesOf([{ word: 'low', score: '9' }], make)).toMatchObject({
      sources: ['word'],
      deciders: ['score'],
      isAlwaysThere: false,
      outlivesSources: true,
    });
  });

  it('is the items of a list, whatever their number', () => {
    const make = (vendor: JsonObject) => listAt(vendor, 'list').map((item) => fieldAt(item, 'ip') ?? null)[0];
    expect(sourcesOf([{ list: [{ ip: 'a' }, { ip: 'b' }] }], make)?.sources).toEqual(['list[].ip']);
  });

  it.each([
    ['a number', { a: '0443' }, (vendor: JsonObject) => Number(textAt(vendor, 'a'))],
    ['a time', { a: '2026-11-24T08:15:22Z' }, (vendor: JsonObject) => Date.parse(textAt(vendor, 'a') ?? '')],
    ['a part', { a: 'ACME\\ana' }, (vendor: JsonObject) => textAt(vendor, 'a')?.split('\\')[1]],
    ['capitals', { a: 'High' }, (vendor: JsonObject) => textAt(vendor, 'a')?.toUpperCase()],
  ])('is seen through %s', (_name, vendor, make) => {
    const decided = (from: JsonObject) => (textAt(from, 'b') === undefined ? undefined : make(from));
    expect(sourcesOf([{ ...vendor, b: 'set' }], decided)).toMatchObject({ sources: ['a'], deciders: ['b'] });
  });
});

describe('the leaves of an object', () => {
  const object = { a: [{ b: 1 }, { b: null }], 'c.d': { e: [] } };

  it('are its innermost values', () => {
    expect(leavesOf(object).map(({ path, value }) => [pathText(path), value])).toEqual([
      ['a[].b', 1],
      ['a[].b', null],
      ['c.d.e', []],
    ]);
  });

  it('can be replaced one by one', () => {
    expect(withLeaf(object, ['a', 1, 'b'], 7)).toEqual({ ...object, a: [{ b: 1 }, { b: 7 }] });
    expect(object.a[1]).toEqual({ b: null });
  });
});

describe('the shapes of objects', () => {
  it('are told apart by their fields, and have a mark that no other has', () => {
    const [x, y, more, z] = [
      { id: 1, a: 1, b: 1 },
      { id: 2, c: 1, d: 1, e: 1 },
      { id: 3, a: 2, b: 2, c: 2 },
      { id: 4, c: 1, d: 1, e: 2 },
    ];
    expect(objectShapes([x, y, more, z])).toEqual([
      { objects: [x, more], mark: 'a' },
      { objects: [y, z], mark: 'd' },
    ]);
    expect(objectShapes([x, more])).toEqual([{ objects: [x, more], mark: undefined }]);
  });
});
