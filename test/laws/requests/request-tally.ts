import type { RequestRun } from './run-request-seed.ts';

/** What many runs of requests did together. */
export class RequestTally {
  runs = 0;
  private readonly counts: Record<string, number> = {};

  add({ counts }: Omit<RequestRun, 'violation' | 'trace'>): void {
    this.runs += 1;
    for (const [name, count] of Object.entries(counts)) this.counts[name] = (this.counts[name] ?? 0) + count;
  }

  summary(): { readonly runs: number } & Readonly<Record<string, number>> {
    const names = Object.keys(this.counts).sort();
    return { ...Object.fromEntries(names.map((name) => [name, this.counts[name] ?? 0])), runs: this.runs };
  }
}
