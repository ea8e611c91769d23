import { isObject, type Json } from '../json.ts';
import { knownTextAt } from './known-text.ts';

/** The first text that one of the fields has; names in lower case. */
export type ActivityData = (...names: readonly string[]) => string | undefined;

/**
 * Reads an activity's `data`. It is a free object, and the console spells its names as it likes: `ruleId` and `ruleid` stand in
 * one and the same activity. Numbers keep every digit.
 */
export function activityData(data: Json | undefined): ActivityData {
  const texts = new Map<string, string>();
  for (const name of isObject(data) ? Object.keys(data) : []) {
    const text = knownTextAt(data, name);
    const key = name.toLowerCase();
    if (text !== undefined && !texts.has(key)) texts.set(key, text);
  }
  return (...names) => {
    for (const name of names) {
      const text = texts.get(name);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}
