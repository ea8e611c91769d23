import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../local/emulators/sqs-s3/s3/list-objects.ts';
import { listPages, put } from './s3-fixture.ts';

describe('listings', () => {
  it('goes through all keys in the order of their bytes, whatever the page size', async () => {
    // Given keys whose order by the rules of a language is another one
    const names = ['B', 'a', 'A', 'b', '_', '-', '1', '10', '2', 'é', '￿', '😀'];
    await Promise.all(names.map((name) => put(`order/${name}`)));
    const expected = names
      .map((name) => `order/${name}`)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const MaxKeys of [1, 2, 5, 1000]) {
      const pages = await listPages({ Prefix: 'order/', MaxKeys });
      expect(pages.flatMap((page) => page.keys)).toEqual(expected);
      expect(pages).toHaveLength(Math.ceil(names.length / MaxKeys));
    }
  });

  it('names common prefixes once over all pages', async () => {
    await Promise.all(['d/0', 'd/a/1', 'd/a/2', 'd/b/1', 'd/c', 'd/e/1'].map((key) => put(key)));
    for (const MaxKeys of [1, 2, 3, 1000]) {
      const pages = await listPages({ Prefix: 'd/', Delimiter: '/', MaxKeys });
      expect(pages.flatMap((page) => page.prefixes)).toEqual(['d/a/', 'd/b/', 'd/e/']);
      expect(pages.flatMap((page) => page.keys)).toEqual(['d/0', 'd/c']);
    }
  });

  it('starts after the key it is told', async () => {
    await Promise.all(['s/1', 's/2', 's/3'].map((key) => put(key)));
    expect(await listPages({ Prefix: 's/', StartAfter: 's/1' })).toEqual([
      { keys: ['s/2', 's/3'], prefixes: [] },
    ]);
  });

  it('compares keys like their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});
