/**
 * A process with emulators over the state directory that it is given: prints their environment as one line of JSON,
 * and closes them when its standard input ends. It never calls process.exit: what keeps it alive is not closed.
 */
import { startOver } from './emulators-setup.ts';

const [stateDir] = process.argv.slice(2);
if (stateDir === undefined) throw new Error('Give the state directory as the first argument.');

const emulators = await startOver(stateDir);
console.log(JSON.stringify(emulators.environment));
process.stdin.resume();
process.stdin.once('end', () => {
  emulators.close().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
});
