import { type ActionFault, actionFaults } from './action-faults.ts';
import type { ActionRun } from './run-action-seed.ts';

/** What many runs of response actions did together. */
export class ActionTally {
  runs = 0;
  private steps = 0;
  private virtualMs = 0;
  private readonly counts: Record<string, number> = {};
  private readonly most: Record<string, number> = {};
  private readonly faults = Object.fromEntries(actionFaults.map((kind) => [kind, 0])) as Record<
    ActionFault,
    number
  >;

  add({ steps, virtualMs, counts, most, strikes }: Omit<ActionRun, 'violation' | 'trace'>): void {
    this.runs += 1;
    this.steps += steps;
    this.virtualMs += virtualMs;
    for (const [name, count] of Object.entries(counts)) this.counts[name] = (this.counts[name] ?? 0) + count;
    for (const [name, count] of Object.entries(most)) this.most[name] = Math.max(this.most[name] ?? 0, count);
    for (const { kind } of strikes) this.faults[kind] += 1;
  }

  summary(): object {
    const { runs, steps, counts, most, faults } = this;
    const virtualDays = Math.round(this.virtualMs / 86_400_000);
    return { runs, virtualDays, steps, ...counts, mostInOneStep: most, faults };
  }
}
