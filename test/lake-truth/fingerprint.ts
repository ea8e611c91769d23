import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../shared/json.ts';

/** Deep equality as a text: the same for equal values whatever the order of their keys, numbers by their digits. */
function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'undefined';
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${fields.join(',')}}`;
}

/** A console's object, remembered without its body: which fields it has, and what is in them. */
export interface Fingerprint {
  readonly fields: readonly string[];
  readonly hash: string;
}

export function fingerprint(vendor: JsonObject): Fingerprint {
  const fields = Object.keys(vendor).sort();
  return { fields, hash: hashOf(vendor, fields) };
}

/** Whether the record holds the whole object unchanged, at top level or, for reserved names, under `sentinelone`. */
export function holds(record: JsonObject, { fields, hash }: Fingerprint): boolean {
  const moved = record['sentinelone'];
  const vendor = Object.fromEntries(
    fields.map((field) => [
      field,
      isObject(moved) && Object.hasOwn(moved, field) ? moved[field] : record[field],
    ]),
  );
  return hashOf(vendor, fields) === hash;
}

function hashOf(vendor: JsonObject, fields: readonly string[]): string {
  const text = fields.map((field) => `${JSON.stringify(field)}:${canonical(vendor[field])}`).join(',');
  return createHash('sha256').update(text).digest('base64');
}
