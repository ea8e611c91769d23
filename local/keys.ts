import { keys } from './command/keys.ts';
import { UsageError } from './command/usage-error.ts';

try {
  process.stdout.write(await keys(process.argv.slice(2), process.env, Date.now()));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`npm run keys: ${error.message}\n`);
  process.exitCode = 2;
}
