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

  it('has nothing for an unknown connector', async () => {
    expect(await secrets().get({ tenant: 'acme', connector: 'none' })).toBeUndefined();
  });
}
