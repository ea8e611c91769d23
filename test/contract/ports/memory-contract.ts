import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { StreamId } from '../../../shared/engine/stream.ts';
import type { MemoryStore } from '../../../shared/ports.ts';

/** What every implementation of the readings' memory must do. `store` gives the implementation under test. */
export function defineMemoryContract(store: () => MemoryStore): void {
  /** A stream that no other test knows. */
  const newOwner = (): StreamId => ({
    tenant: 'acme',
    connector: randomUUID(),
    contentType: 'threat-events',
  });

  const all = (owner: StreamId) => store().page(owner, undefined, 1000);

  it('knows nothing of a key until it is written, and then what was written', async () => {
    const owner = newOwner();
    expect(await store().get(owner, ['1', '2'])).toStrictEqual(new Map());
    const value = { count: 3, ids: ['a', 'ü😀'], nested: { none: null } };
    expect(await store().put(owner, { key: '1', value, version: 0 })).toBe(true);
    expect(await store().get(owner, ['1', '2', '1'])).toStrictEqual(
      new Map([['1', { key: '1', value, version: 1 }]]),
    );
  });

  it('writes over the version that was seen, and over no other', async () => {
    const owner = newOwner();
    await store().put(owner, { key: '1', value: { n: 1 }, version: 0 });
    for (const version of [0, 2])
      expect(await store().put(owner, { key: '1', value: { n: 9 }, version })).toBe(false);
    expect(await store().put(owner, { key: '1', value: { n: 2 }, version: 1 })).toBe(true);
    expect(await all(owner)).toStrictEqual([{ key: '1', value: { n: 2 }, version: 2 }]);
  });

  it('forgets a key under the same condition, and takes it again', async () => {
    const owner = newOwner();
    await store().put(owner, { key: '1', value: { n: 1 }, version: 0 });
    expect(await store().put(owner, { key: '1', value: null, version: 2 })).toBe(false);
    expect(await store().put(owner, { key: '1', value: null, version: 1 })).toBe(true);
    expect(await all(owner)).toStrictEqual([]);
    expect(await store().put(owner, { key: '1', value: { n: 3 }, version: 0 })).toBe(true);
  });

  it('gives more keys than one call can ask for, and all of an owner in order, and nobody else’s', async () => {
    const owner = newOwner();
    const keys = Array.from({ length: 130 }, (_, i) => String(1000 + i));
    for (const key of keys) await store().put(owner, { key, value: { key }, version: 0 });
    await store().put({ ...owner, contentType: 'threat-notes' }, { key: '1', value: {}, version: 0 });
    expect([...(await store().get(owner, keys)).keys()].sort()).toStrictEqual(keys);
    expect((await all(owner)).map(({ key }) => key)).toStrictEqual(keys);
    const some = await store().page(owner, '1010', 7);
    expect(some.map(({ key }) => key)).toStrictEqual(keys.slice(11, 18));
  });
}
