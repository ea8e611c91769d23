/** True where the pattern is the text; `*` stands for any text, also none, and capitals do not count. Takes linear time per part. */
export function matchesWildcards(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const whole = text.toLowerCase();
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return whole === first;
  if (whole.length < first.length + last.length) return false;
  if (!whole.startsWith(first) || !whole.endsWith(last)) return false;
  // The earliest place of each part leaves the most room for those that follow.
  const end = whole.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = whole.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
