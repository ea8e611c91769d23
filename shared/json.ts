/**
 * A JSON value as `parseLossless` gives it. Numbers that a double cannot hold are
 * `JSON.rawJSON` objects, which `JSON.stringify` writes back digit by digit.
 */
export type Json = null | boolean | number | string | RawNumber | readonly Json[] | JsonObject;

/** A JSON object; every field of the vendor's may be null or missing. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** What `JSON.rawJSON` returns: the source text of one number. */
export interface RawNumber {
  readonly rawJSON: string;
}

declare global {
  // Node 24 has them; TypeScript's libraries do not know them yet.
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
  }
}

/** True for a JSON object, false for null, lists and plain values. A raw number is an object to JavaScript, not to us. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
