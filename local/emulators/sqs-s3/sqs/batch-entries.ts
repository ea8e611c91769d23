/** The entries of a batch request as objects that may be changed; anything else in the list is left out. */
export function batchEntries(body: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  const entries: unknown = body['Entries'];
  return Array.isArray(entries) ? entries.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}
