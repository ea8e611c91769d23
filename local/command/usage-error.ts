/** The command was called in a way that it cannot follow. The message is one line that names the option and the way out. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
