import { connect } from './command/connect.ts';
import { UsageError } from './command/usage-error.ts';

try {
  process.stdout.write(await connect(process.argv.slice(2), process.env, Date.now()));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`npm run connect: ${error.message}\n`);
  process.exitCode = 2;
}
