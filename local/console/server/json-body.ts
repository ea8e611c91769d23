import { invalidParameter, unknownParameters } from './vendor-error.ts';

/** The fields of a request's body, as JSON has them. */
export type BodyFields = ReadonlyMap<string, unknown>;

/** Throws 400 where the body is no JSON object. */
export function readJsonBody(body: string): BodyFields {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalidParameter('body', 'Not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParameter('body', 'Must be a JSON object.');
  return new Map(Object.entries(value));
}

/** Throws 400 for fields that the endpoint does not list. */
export function refuseUnknownFields(fields: BodyFields, known: ReadonlySet<string>): void {
  const unknown = [...fields.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) throw unknownParameters(unknown);
}

/** A text that is not empty. Throws 400 where it is missing or something else. */
export function requiredText(fields: BodyFields, name: string): string {
  const value = fields.get(name) ?? '';
  if (typeof value !== 'string') throw invalidParameter(name, 'Not a valid string.');
  if (value === '') throw invalidParameter(name, 'Missing data for required field.');
  return value;
}

/** A text, which may be empty; undefined where the field is missing or null. Throws 400. */
export function optionalText(fields: BodyFields, name: string): string | undefined {
  const value = fields.get(name) ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw invalidParameter(name, 'Not a valid string.');
  return value;
}

/** A list of texts; undefined where the field is missing or null. Throws 400. */
export function optionalTexts(fields: BodyFields, name: string): readonly string[] | undefined {
  const value = fields.get(name) ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw invalidParameter(name, 'Not a valid list.');
  return value.map((item: unknown) => {
    if (typeof item !== 'string') throw invalidParameter(name, 'Not a valid string.');
    return item;
  });
}

/** A whole number in [least, most]; undefined where the field is missing or null. Throws 400. */
export function optionalWhole(
  fields: BodyFields,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = fields.get(name) ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw invalidParameter(name, `Must be a whole number from ${least} to ${most}.`);
  return value;
}

/** True or false; undefined where the field is missing or null. Throws 400. */
export function optionalFlag(fields: BodyFields, name: string): boolean | undefined {
  const value = fields.get(name) ?? undefined;
  if (value !== undefined && typeof value !== 'boolean') throw invalidParameter(name, 'Not a valid boolean.');
  return value;
}
