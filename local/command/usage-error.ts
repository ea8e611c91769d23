/** The command was called in a way that it cannot follow. The message is one line that names the option and the way out. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Turns the complaint of `parseArgs` into ours: its first sentence says which option, the rest is for programmers. */
export function wrongArguments(error: unknown, help: string): UsageError {
  const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new UsageError(`${firstLine.split('. ')[0]}; see ${help}.`);
}
