import { type FaultKind, faultKinds } from './faults.ts';
import type { Run } from './run-seed.ts';

/** What many runs did together. */
export class Tally {
  runs = 0;
  private steps = 0;
  private workers = 0;
  private records = 0;
  private objects = 0;
  private deadLetters = 0;
  private virtualMs = 0;
  private readonly faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<
    FaultKind,
    number
  >;

  add(run: Omit<Run, 'violation' | 'trace'>): void {
    this.runs += 1;
    this.steps += run.steps;
    this.workers += run.workers;
    this.records += run.records;
    this.objects += run.objects;
    this.deadLetters += run.deadLetters;
    this.virtualMs += run.virtualMs;
    for (const { kind } of run.strikes) this.faults[kind] += 1;
  }

  summary(): object {
    const { runs, steps, workers, records, objects, deadLetters, faults } = this;
    const virtualDays = Math.round(this.virtualMs / 86_400_000);
    return { runs, virtualDays, steps, workers, records, objects, redriven: deadLetters, faults };
  }
}
