import { isObject, type Json } from '../../../shared/json.ts';

/** What becomes of a value; undefined drops the field or item. */
export type Damage = (original: Json) => Json | undefined;

/** How many values there are in a JSON value, itself included: what `damagedAt` counts. */
export function sizeOf(value: Json): number {
  return 1 + childrenOf(value).reduce<number>((sum, child) => sum + sizeOf(child), 0);
}

/** A copy in which the values at these places (0 is the whole) are damaged. */
export function damagedAt(value: Json, damage: ReadonlyMap<number, Damage>): Json | undefined {
  let place = -1;
  const copy = (original: Json): Json | undefined => {
    place += 1;
    const become = damage.get(place);
    if (become !== undefined) {
      place += sizeOf(original) - 1;
      return become(original);
    }
    if (Array.isArray(original)) return original.map(copy).filter((item) => item !== undefined);
    if (!isObject(original)) return original;
    const entries = Object.entries(original).map(([name, child]) => [name, copy(child ?? null)]);
    return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
  };
  return copy(value);
}

function childrenOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value).map((child) => child ?? null) : [];
}
