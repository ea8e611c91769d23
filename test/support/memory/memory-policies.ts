import { isDeepStrictEqual } from 'node:util';
import type { PolicyStore } from '../../../shared/actions/policy/policy-store.ts';
import {
  noPolicy,
  type PolicySettings,
  type ResponsePolicy,
} from '../../../shared/actions/policy/response-policy.ts';

/** Response policies in memory. */
export class MemoryPolicies implements PolicyStore {
  readonly stored = new Map<string, ResponsePolicy>();

  async get(tenant: string): Promise<ResponsePolicy> {
    return this.stored.get(tenant) ?? noPolicy;
  }

  async put(tenant: string, settings: PolicySettings, seenVersion: number): Promise<boolean> {
    const next = { ...settings, version: seenVersion + 1 };
    const stored = this.stored.get(tenant);
    if ((stored?.version ?? 0) !== seenVersion) return isDeepStrictEqual(stored, next);
    this.stored.set(tenant, next);
    return true;
  }
}
