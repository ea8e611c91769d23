/** Of one call. */
const mostValues = 100;
/** Of the values in a URL, encoded: proxies on the way cut at 8 KB. */
const mostCharacters = 4_000;

/** The values in groups that one call can name; every value once. */
export function groupsOf(values: Iterable<string>): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let room = 0;
  for (const value of new Set(values)) {
    const length = encodeURIComponent(value).length + '%2C'.length;
    const last = groups.at(-1);
    if (last === undefined || last.length === mostValues || length > room) {
      groups.push([value]);
      room = mostCharacters - length;
    } else {
      last.push(value);
      room -= length;
    }
  }
  return groups;
}
