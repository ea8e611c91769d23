/**
 * Loads one bundle as Lambda's runtime does and says how long that took. Started by `cold-start.ts`, never by hand.
 * The only message to the parent is a `ColdStartRun`.
 */
import { pathToFileURL } from 'node:url';

export interface ColdStartRun {
  /** Importing the bundle: reading, compiling and running its top level. */
  readonly loadMs: number;
  /** From the start of Node to the end of the import. */
  readonly startMs: number;
}

const [bundle = ''] = process.argv.slice(2);
const beforeLoad = performance.now();
const { handler } = await import(pathToFileURL(bundle).href);
const startMs = performance.now();
if (typeof handler !== 'function') throw new Error(`${bundle} exports no handler.`);
const run: ColdStartRun = { loadMs: startMs - beforeLoad, startMs };
process.send?.(run);
