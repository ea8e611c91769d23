import {
  type BudgetId,
  furthestAhead,
  type PacingStore,
  type Pause,
  type TakeOutcome,
  type TakeRequest,
} from '../../../shared/sentinelone/pacing-store.ts';

/** What the workers of one token know of each other, in memory; counts how often it is asked. */
export class MemoryPacing implements PacingStore {
  readonly pauses = new Map<string, Pause>();
  readonly schedules = new Map<string, number>();
  readonly calls = { pause: 0, announce: 0, take: 0 };

  async pause(budget: BudgetId): Promise<Pause | undefined> {
    this.calls.pause++;
    return this.pauses.get(keyOf(budget));
  }

  async announce(budget: BudgetId, pause: Pause): Promise<void> {
    this.calls.announce++;
    const known = this.pauses.get(keyOf(budget));
    if (known === undefined || known.until < pause.until) this.pauses.set(keyOf(budget), pause);
  }

  async take(budget: BudgetId, request: TakeRequest): Promise<TakeOutcome> {
    this.calls.take++;
    const { now, spacingMs, latest } = request;
    const pause = this.pauses.get(keyOf(budget));
    const rest = pause === undefined ? {} : { pause };
    const takenUntil = this.schedules.get(keyOf(budget)) ?? 0;
    const isAhead = takenUntil > now && takenUntil <= furthestAhead(request);
    if (isAhead && takenUntil > latest) return { kind: 'full', freeAt: takenUntil, ...rest };
    const startsAt = isAhead ? takenUntil : now;
    this.schedules.set(keyOf(budget), startsAt + spacingMs);
    return { kind: 'taken', startsAt, ...rest };
  }
}

function keyOf({ tokenKey, prefix }: BudgetId): string {
  return `${tokenKey} ${prefix}`;
}
