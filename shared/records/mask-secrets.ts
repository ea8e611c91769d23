import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Fields, setField } from './copy-fields.ts';
import { textAt } from './json-fields.ts';

/** What stands in the place of a secret. */
const masked = '(masked)';

/** How the names end under which the console tells what opens something. */
const secretName =
  /(?:token|password|passphrase|passcode|secret|(?:licen[cs]e|api|private|secret)[-_ ]?key)s?$/i;

/**
 * The value with its secrets masked, at any depth; itself where there are none. A secret is a text or a number under the name of
 * one, or anywhere below such a name. Blank texts, null and booleans give nothing away and stay.
 */
export function maskSecrets(value: Json): Json {
  return holdsSecret(value) ? copyMasked(value) : value;
}

type Nested = readonly Json[] | JsonObject;

/** A list or object that is still to be looked at. */
interface Open {
  readonly value: Nested;
  /** True below the name of a secret. */
  readonly secret: boolean;
}

// Both go without recursion, because the parser takes any depth.

/** Asked of every record. Over names `in` is the fastest way, and over lists the slowest. */
function holdsSecret(root: Json): boolean {
  const open: Open[] = [{ value: { root }, secret: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, secret } = next;
    if (isList(value)) {
      for (const item of value) {
        if (isNested(item)) open.push({ value: item, secret });
        else if (secret && givesAway(item)) return true;
      }
    } else {
      for (const name in value) {
        const field = value[name];
        if (isNested(field)) open.push({ value: field, secret: secret || secretName.test(name) });
        else if ((secret || secretName.test(name)) && givesAway(field)) return true;
      }
    }
  }
  return false;
}

function copyMasked(root: Json): Json {
  const holder: Fields = {};
  const open: (Open & { readonly copy: Fields | Json[] })[] = [
    { value: { root }, secret: false, copy: holder },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, copy } = next;
    for (const [name, child] of Object.entries(value)) {
      const secret = next.secret || secretName.test(name);
      if (isNested(child)) {
        const nested: Fields | Json[] = isList(child) ? [] : {};
        put(copy, name, nested);
        open.push({ value: child, secret, copy: nested });
      } else put(copy, name, secret && givesAway(child) ? masked : child);
    }
  }
  return holder['root'] ?? null;
}

/** Lists are filled in their order. */
function put(to: Fields | Json[], name: string, value: Json | undefined): void {
  if (Array.isArray(to)) to.push(value ?? null);
  else setField(to, name, value);
}

function isNested(value: Json | undefined): value is Nested {
  return typeof value === 'object' && (isList(value) || isObject(value));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function givesAway(value: Json | undefined): boolean {
  return value !== masked && textAt(value) !== undefined;
}
