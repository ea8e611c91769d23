/** A simulated console with a day of as many threats as it is told, and a few agents. Started by `fairness.ts`, never by hand. */
import { startConsole } from '../local/console/console.ts';

process.on('disconnect', () => process.exit(1));

const { url, tokens } = await startConsole({
  seed: 1,
  epochMs: Date.now(),
  historyMs: 86_400_000,
  threats: Number(process.argv[2]),
  agents: 200,
});
process.send?.({ hostUrl: url, apiToken: tokens.admin });
