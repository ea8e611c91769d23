/**
 * Prints one JSON line for each figure: `npm run bench`, or `npm run bench -- cold-start fan-out-80000` for some of them.
 * `fairness` takes twelve minutes, `deep-visibility`, `threat-events` and `vulnerabilities` some each; they are run only when they
 * are asked for. Ratios are comparable between machines, milliseconds are not.
 */
import { measureColdStart } from './cold-start.ts';
import { measureConsoleWait } from './console-wait.ts';
import { measureDeepVisibility } from './deep-visibility.ts';
import { dollarsPerDeploymentMonth, dollarsPerIdleTenantMonth, dollarsPerMillion } from './dollars.ts';
import { measureFairness } from './fairness.ts';
import { measureFanOut80000 } from './fan-out-80000.ts';
import { measureIdleTick } from './idle-tick.ts';
import { measureMillionRecords } from './million-records.ts';
import { once } from './once.ts';
import { measureThreatEvents } from './threat-events.ts';
import { measureTickReads } from './tick-reads.ts';
import { measureVulnerabilities } from './vulnerabilities.ts';
import { measureWorkerCpu } from './worker-cpu.ts';

/** Both stand for themselves and are what the dollars are counted from. */
const idleTick = once(measureIdleTick);
const millionRecords = once(measureMillionRecords);

const figures: Readonly<Record<string, () => Promise<readonly object[]>>> = {
  'worker-cpu': async () => [await measureWorkerCpu('agents'), await measureWorkerCpu('threats')],
  'console-wait': async () => [await measureConsoleWait('small'), await measureConsoleWait('full')],
  'idle-tick': async () => [await idleTick()],
  'million-records': async () => [await millionRecords()],
  dollars: async () => [
    dollarsPerMillion(await millionRecords()),
    dollarsPerIdleTenantMonth(await idleTick()),
    dollarsPerDeploymentMonth(),
  ],
  'cold-start': measureColdStart,
  'tick-reads': measureTickReads,
  'fan-out-80000': async () => [await measureFanOut80000()],
  fairness: async () => [await measureFairness()],
  'deep-visibility': async () => [await measureDeepVisibility('dv'), await measureDeepVisibility('sdl')],
  'threat-events': async () => [await measureThreatEvents()],
  vulnerabilities: measureVulnerabilities,
};
/** Minutes: only when they are asked for. */
const onRequest = ['fairness', 'deep-visibility', 'threat-events', 'vulnerabilities'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(figures, name));
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(', ')}; there are ${Object.keys(figures).join(', ')}.`);
  process.exit(2);
}
for (const [figure, measure] of Object.entries(figures)) {
  if (asked.length > 0 ? !asked.includes(figure) : onRequest.includes(figure)) continue;
  for (const result of await measure()) process.stdout.write(`${JSON.stringify({ figure, ...result })}\n`);
}
// Kept connections to stubs that are gone would hold the process for a while.
process.exit();
