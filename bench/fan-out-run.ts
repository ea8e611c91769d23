/** What one run took, from the first request to the last answer. */
export interface FanOutRun {
  readonly sent: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakRssMb: number;
}

/** Measures this process while it runs, and tells its parent. `task` returns how many messages it sent. */
export async function reportRun(task: () => Promise<number>): Promise<void> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const sent = await task();
  const { user, system } = process.cpuUsage(cpuBefore);
  const run: FanOutRun = {
    sent,
    wallMs: performance.now() - startedAt,
    cpuMs: (user + system) / 1000,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(run);
}
