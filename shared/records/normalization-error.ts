/** What went wrong, as one line without a stack, for the `normalization_error` of a record. */
export function normalizationErrorOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const [firstLine = ''] = message.split('\n');
  return firstLine.trim() === '' ? 'The record could not be normalized.' : firstLine.slice(0, longestMessage);
}

/** A message that quotes data must not make a log line twice as long. */
const longestMessage = 300;
