import { isObject, type Json, type JsonObject } from '../../shared/json.ts';

/** Names and indices from the outside to the inside. */
export type LeafPath = readonly (string | number)[];

export interface Leaf {
  readonly path: LeafPath;
  readonly value: Json;
}

/** The values without values inside them: texts, numbers, booleans, nulls, empty lists and empty objects. */
export function leavesOf(value: Json, path: LeafPath = []): readonly Leaf[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (isObject(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([name, child]) => leavesOf(child ?? null, [...path, name]));
  return [{ path, value }];
}

/** A copy in which the leaf at the path has another value. */
export function withLeaf(object: JsonObject, path: LeafPath, value: Json): JsonObject {
  const [name = '', ...rest] = path;
  return { ...object, [name]: replaced(object[name] ?? null, rest, value) };
}

function replaced(original: Json, path: LeafPath, value: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number' && Array.isArray(original))
    return original.map((item, index) => (index === step ? replaced(item, rest, value) : item));
  return isObject(original) ? withLeaf(original, path, value) : original;
}

/** `networkInterfaces[].inet[]`. */
export function pathText(path: LeafPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? '[]' : index === 0 ? step : `.${step}`))
    .join('');
}
