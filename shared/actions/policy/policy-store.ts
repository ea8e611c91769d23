import type { PolicySettings, ResponsePolicy } from './response-policy.ts';

/** Where the response policies of tenants are kept, one for each. */
export interface PolicyStore {
  /** Strongly consistent. `noPolicy` where there is none. */
  get(tenant: string): Promise<ResponsePolicy>;
  /**
   * Writes it with the version after `seenVersion`, if that is still the stored one; 0 where there was none. True also where this
   * was written before; false where the stored version is another one, and nothing was changed.
   */
  put(tenant: string, settings: PolicySettings, seenVersion: number): Promise<boolean>;
}
