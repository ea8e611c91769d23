/** Tenant and connector ids stand in object keys, secret names, queue groups and table keys. */
const idPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** One sentence about what is wrong with the id, or undefined when it is good. */
export function idProblem(value: string): string | undefined {
  if (idPattern.test(value)) return undefined;
  return `"${value.slice(0, 70)}" is not an id: use 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit`;
}
