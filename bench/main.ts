/** Prints one JSON line per figure: `npm run bench`. Ratios are comparable between machines, milliseconds are not. */
import { measureWorkerCpu } from './worker-cpu.ts';

for (const id of ['agents', 'threats'] as const) {
  process.stdout.write(`${JSON.stringify({ figure: 'worker-cpu', ...(await measureWorkerCpu(id)) })}\n`);
}
