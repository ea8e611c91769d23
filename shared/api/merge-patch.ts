import { isPlainObject } from '../filters/untrusted.ts';

/**
 * The target after a JSON merge patch (RFC 7396): what the patch does not name stays, null removes, and objects are merged name by
 * name. Lists are replaced.
 */
export function mergePatch(
  target: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    const before = merged.get(name);
    if (value === null) merged.delete(name);
    else if (isPlainObject(value)) merged.set(name, mergePatch(isPlainObject(before) ? before : {}, value));
    else if (value !== undefined) merged.set(name, value);
  }
  return Object.fromEntries(merged);
}
