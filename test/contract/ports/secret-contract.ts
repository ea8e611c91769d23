import { expect, it } from 'vitest';
import type { SecretStore } from '../../../shared/ports.ts';

/** What every implementation of the secret store must do. */
export function defineSecretContract(secrets: () => SecretStore): void {
  it('keeps one value per connector and replaces it', async () => {
    await secrets().put({ tenant: 'acme', connector: 'edr' }, '{"v":1}');
    await secrets().put({ tenant: 'acme', connector: 'edr-2' }, '{"v":2}');
    await secrets().put({ tenant: 'acme', connector: 'edr' }, '{"v":3}');
    expect(await secrets().get({ tenant: 'acme', connector: 'edr' })).toBe('{"v":3}');
    expect(await secrets().get({ tenant: 'acme', connector: 'edr-2' })).toBe('{"v":2}');
  });

  it('has nothing after it was removed, and removes nothing twice', async () => {
    const key = { tenant: 'acme', connector: 'gone' };
    await secrets().put(key, '{"v":1}');
    await secrets().remove(key);
    await secrets().remove(key);
    expect(await secrets().get(key)).toBeUndefined();
  });

  it('has nothing for an unknown connector', async () => {
    expect(await secrets().get({ tenant: 'acme', connector: 'none' })).toBeUndefined();
  });
}
