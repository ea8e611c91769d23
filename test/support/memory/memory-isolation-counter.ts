import {
  type IsolationCounter,
  type IsolationRequest,
  type Isolations,
  type ReserveOutcome,
  reserved,
} from '../../../shared/actions/policy/isolation-limit.ts';

/** Isolations of callers in memory. */
export class MemoryIsolationCounter implements IsolationCounter {
  /** By tenant and caller. */
  readonly isolations = new Map<string, Isolations>();

  async reserve({ tenant, caller, ...request }: IsolationRequest): Promise<ReserveOutcome> {
    const key = `${tenant} ${caller}`;
    const outcome = reserved(this.isolations.get(key) ?? {}, request);
    if (outcome.kind === 'exhausted') return outcome;
    this.isolations.set(key, outcome.isolations);
    return { kind: 'reserved' };
  }
}
