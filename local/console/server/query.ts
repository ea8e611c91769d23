import { invalidParameter, unknownParameters } from './vendor-error.ts';

/** The parameters of a request, every name once, values decoded. */
export type Query = ReadonlyMap<string, string>;

/** Throws 400 where a parameter comes twice. */
export function readQuery(search: URLSearchParams): Query {
  const query = new Map<string, string>();
  for (const [name, value] of search) {
    if (query.has(name))
      throw invalidParameter(name, 'Given more than once; separate several values with commas.');
    query.set(name, value);
  }
  return query;
}

/** Throws 400 for parameters that the endpoint does not list. */
export function refuseUnknown(query: Query, known: ReadonlySet<string>): void {
  const unknown = [...query.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) throw unknownParameters(unknown);
}

/** A whole number in [least, most]. Throws 400. */
export function integer(query: Query, name: string, least: number, most: number): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw invalidParameter(name, `Must be a whole number from ${least} to ${most}.`);
  return value;
}

/** `true` or `false` in any case. Throws 400. */
export function flag(query: Query, name: string): boolean {
  const text = query.get(name);
  return text === undefined ? false : parseFlag(name, text);
}

export function parseFlag(name: string, text: string): boolean {
  const value = text.toLowerCase();
  if (value !== 'true' && value !== 'false') throw invalidParameter(name, 'Not a valid boolean.');
  return value === 'true';
}

/** Comma-separated values, none of them empty. Throws 400. */
export function parseList(name: string, text: string, most: number): readonly string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.includes('')) throw invalidParameter(name, 'Holds an empty value.');
  if (values.length > most) throw invalidParameter(name, `Holds more than ${most} values.`);
  return values;
}
