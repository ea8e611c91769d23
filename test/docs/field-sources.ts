import type { Json, JsonObject } from '../../shared/json.ts';
import { type LeafPath, leavesOf, pathText, withLeaf } from './json-leaves.ts';

/** Where a field of a record comes from, as far as examples show. */
export interface FieldSources {
  /** Dotted; `[]` stands for the items of a list. */
  readonly field: string;
  /** The fields of the vendor's object that its value is made from, the one that counts first in front. */
  readonly sources: readonly string[];
  /** Others that decide whether it is there, or from which of its sources. */
  readonly deciders: readonly string[];
  /** The value of a field that depends on nothing. */
  readonly constant?: string;
  /** True where it is there although none of all those has a value. */
  readonly isAlwaysThere: boolean;
  /** True where it is there although none of its sources has one, for the sake of the deciders. */
  readonly outlivesSources: boolean;
  /** Deciders without which it is never there. */
  readonly needed: readonly string[];
}

type FieldsOf = (vendor: JsonObject) => JsonObject;

/** Each field's values as text. */
type Texts = ReadonlyMap<string, string>;

/** What is known of a field so far. */
interface Found {
  /** The objects that have it. */
  readonly made: JsonObject[];
  /** What it depends on, and whether that was seen to give its value to it. */
  readonly gives: Map<string, boolean>;
  /** Per object, after how many others a source counts. */
  readonly depths: ReadonlyMap<string, number>[];
}

/** Values from other objects that are tried in the place of one. */
const mostAlternatives = 4;
/** Objects in which all but what gives a field its value is taken away: it takes long, and they are much alike. */
const mostStripped = 3;

/**
 * Finds out by trying: one value of an object after the other is taken away or changed, and what changes in the fields depends
 * on it. Then those are taken away together, so that what counts without them shows itself. At last a value is replaced by what
 * other objects have in its place.
 *
 * @param fieldsOf the code that makes the fields
 */
export function fieldSources(vendors: readonly JsonObject[], fieldsOf: FieldsOf): readonly FieldSources[] {
  const textsIn = (vendor: JsonObject) => textsOf(fieldsOf(vendor));
  const found = new Map<string, Found>();
  const alternatives = alternativesIn(vendors);
  for (const vendor of vendors) {
    const trialsWithout = trialsOf(vendor, textsIn);
    const made = textsIn(vendor);
    for (const field of made.keys()) {
      const entry = entryOf(found, field);
      entry.made.push(vendor);
      entry.depths.push(depthsOf(entry, field, trialsWithout));
    }
    for (const { path, object, value } of replacements(vendor, alternatives)) {
      const texts = textsIn(object);
      for (const field of new Set([...made.keys(), ...texts.keys()])) {
        if (made.get(field) === texts.get(field)) continue;
        const entry = entryOf(found, field);
        note(entry, path, value, texts.get(field));
        if (entry.made.length === 0) entry.made.push(object);
      }
    }
  }
  for (const [field, entry] of found) noteAlternatives(entry, field, textsIn);
  return [...found].map(([field, entry]) => described(field, entry, textsIn));
}

/** One of several fields may be enough beside the one that gives the value; taking one away changes nothing then. */
function noteAlternatives(entry: Found, field: string, textsIn: (vendor: JsonObject) => Texts): void {
  const givers = [...entry.gives].filter(([, gives]) => gives).map(([source]) => source);
  for (const vendor of entry.made.slice(0, mostStripped)) {
    const names = [...new Set(leavesOf(vendor).map(({ path }) => pathText(path)))];
    const others = names.filter((name) => !givers.includes(name));
    if (textsIn(withoutFields(vendor, others)).has(field)) continue;
    for (const name of others) {
      const rest = others.filter((other) => other !== name);
      const isEnough = textsIn(withoutFields(vendor, rest)).has(field);
      if (isEnough && !entry.gives.has(name)) entry.gives.set(name, false);
    }
  }
}

function described(
  field: string,
  { made, gives, depths }: Found,
  textsIn: (vendor: JsonObject) => Texts,
): FieldSources {
  const all = [...gives.keys()].sort((a, b) => precedence(a, b, depths));
  const isMade = (names: readonly string[]) => (vendor: JsonObject) =>
    textsIn(withoutFields(vendor, names)).has(field);
  const givers = all.filter((source) => gives.get(source));
  // A word of ours in the place of one of theirs.
  const sources = givers.length > 0 ? givers : all;
  const deciders = all.filter((source) => !sources.includes(source));
  return {
    field,
    sources,
    deciders,
    ...(all.length === 0 ? constantOf(made, field, textsIn) : {}),
    isAlwaysThere: made.some(isMade(all)),
    outlivesSources: made.some(isMade(sources)),
    needed: deciders.filter((decider) => !made.some(isMade([decider]))),
  };
}

function constantOf([example]: readonly JsonObject[], field: string, textsIn: (vendor: JsonObject) => Texts) {
  const text = example === undefined ? undefined : textsIn(example).get(field);
  return text === undefined ? {} : { constant: text.trim().replace(/^"|"$/g, '') };
}

/** Below 0 where the first counts before the second in more objects than the other way round. */
function precedence(a: string, b: string, depths: readonly ReadonlyMap<string, number>[]): number {
  return depths.reduce((sum, depth) => {
    const [first, second] = [depth.get(a), depth.get(b)];
    return first === undefined || second === undefined ? sum : sum + Math.sign(first - second);
  }, 0);
}

/**
 * Takes away what the field is made from, time after time, until it is gone or nothing changes it any more. What only decides
 * about it is left as long as something gives it its value.
 */
function depthsOf(
  entry: Found,
  field: string,
  trialsWithout: (gone: readonly LeafPath[]) => Trials,
): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  let gone: readonly LeafPath[] = [];
  for (let depth = 0; ; depth += 1) {
    const { texts, changed } = trialsWithout(gone);
    const text = texts.get(field);
    const decisive = text === undefined ? [] : changed().filter((change) => change.texts.get(field) !== text);
    if (decisive.length === 0) return depths;
    for (const { path, value } of decisive) {
      note(entry, path, value, text);
      depths.set(pathText(path), depths.get(pathText(path)) ?? depth);
    }
    const givers = decisive.filter(({ value }) => isIn(value, text));
    const taken = givers.length > 0 ? givers : decisive;
    gone = [...gone, ...new Set(taken.map(({ path }) => path))];
  }
}

/** What the fields are, and what they become when one value is changed. */
interface Trials {
  readonly texts: Texts;
  changed(): readonly TriedChange[];
}

interface TriedChange extends Change {
  readonly texts: Texts;
}

/** The trials of an object without the values at some paths. Many fields ask for the same ones. */
function trialsOf(vendor: JsonObject, textsIn: (vendor: JsonObject) => Texts) {
  const known = new Map<string, Trials>();
  return (gone: readonly LeafPath[]): Trials => {
    const key = JSON.stringify(gone.map((path) => JSON.stringify(path)).toSorted());
    const object = gone.reduce((rest, path) => withLeaf(rest, path, null), vendor);
    const trials = known.get(key) ?? trialsIn(object, gone.length === 0 ? allOthersOf : fewOthersOf);
    known.set(key, trials);
    return trials;
  };

  function trialsIn(object: JsonObject, othersOf: (value: Json) => readonly Json[]): Trials {
    let changed: readonly TriedChange[] | undefined;
    return {
      texts: textsIn(object),
      changed() {
        changed ??= changesOf(object, othersOf).map((change) => ({
          ...change,
          texts: textsIn(change.object),
        }));
        return changed;
      },
    };
  }
}

function note({ gives }: Found, path: LeafPath, value: Json, text: string | undefined): void {
  const source = pathText(path);
  gives.set(source, gives.get(source) === true || isIn(value, text));
}

/** An object in which the value at a path has become another one. */
interface Change {
  readonly path: LeafPath;
  /** The value that gives the field its own, if it does. */
  readonly value: Json;
  readonly object: JsonObject;
}

/** Every value taken away, alone and with all others of its list, and changed: what counts in its place may have the same. */
function changesOf(vendor: JsonObject, othersOf: (value: Json) => readonly Json[]): readonly Change[] {
  return leavesOf(vendor)
    .filter(({ value }) => value !== null)
    .flatMap(({ path, value }) => [
      ...othersOf(value).map((other) => ({ path, value, object: withLeaf(vendor, path, other) })),
      ...(path.some((step) => typeof step === 'number')
        ? [{ path, value, object: withoutFields(vendor, [pathText(path)]) }]
        : []),
    ]);
}

/** None, and values much like this one: a time and a number are still one, and an address is a public one. */
function allOthersOf(value: Json): readonly Json[] {
  if (typeof value === 'number') return [null, value + 1];
  if (typeof value !== 'string') return [null];
  const address = /\d+\.\d+\.\d+\.\d+/;
  const others = [`~${value}`, `${value}~`, withNextDigit(value), value.replace(address, '8.8.8.8')];
  return [null, ...others.filter((other) => other !== value)];
}

/** The ones that change most. */
function fewOthersOf(value: Json): readonly Json[] {
  return typeof value === 'string' ? [`~${value}~`, withNextDigit(value)] : [null];
}

function withNextDigit(text: string): string {
  const lastDigit = /\d(?=\D*$)/;
  return text.replace(lastDigit, (digit) => String((Number(digit) + 1) % 10));
}

function replacements(
  vendor: JsonObject,
  alternatives: ReadonlyMap<string, readonly Json[]>,
): readonly Change[] {
  return leavesOf(vendor).flatMap(({ path, value }) =>
    (alternatives.get(pathText(path)) ?? [])
      .filter((other) => JSON.stringify(other) !== JSON.stringify(value))
      .map((other) => ({ path, value: other, object: withLeaf(vendor, path, other) })),
  );
}

/** What the objects have at a path, each once. */
function alternativesIn(vendors: readonly JsonObject[]): ReadonlyMap<string, readonly Json[]> {
  const found = new Map<string, Map<string, Json>>();
  for (const { path, value } of vendors.flatMap((vendor) => leavesOf(vendor))) {
    const values = found.get(pathText(path)) ?? new Map<string, Json>();
    found.set(pathText(path), values);
    if (value !== null && values.size < mostAlternatives) values.set(JSON.stringify(value), value);
  }
  return new Map([...found].map(([path, values]) => [path, [...values.values()]]));
}

/** Whether the value, or a part of it, is among a field's values, as it is or as the number or the time that it tells. */
function isIn(value: Json, text: string | undefined): boolean {
  const own = (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase();
  if (own === '') return false;
  return (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => String(JSON.parse(line)).toLowerCase())
    .some(
      (made) =>
        made.includes(own) ||
        own.includes(made) ||
        Number(own) === Number(made) ||
        Date.parse(own) === Number(made) ||
        Date.parse(own) === Date.parse(made),
    );
}

function entryOf(found: Map<string, Found>, field: string): Found {
  const entry = found.get(field) ?? { made: [], gives: new Map<string, boolean>(), depths: [] };
  found.set(field, entry);
  return entry;
}

function withoutFields(vendor: JsonObject, names: readonly string[]): JsonObject {
  return leavesOf(vendor)
    .filter(({ path }) => names.includes(pathText(path)))
    .reduce((object, { path }) => withLeaf(object, path, null), vendor);
}

/** An empty list or object is no value. */
function textsOf(fields: JsonObject): Texts {
  const texts = new Map<string, string>();
  for (const { path, value } of leavesOf(fields)) {
    if (value === null || (typeof value === 'object' && !JSON.isRawJSON(value))) continue;
    const field = pathText(path);
    texts.set(field, `${texts.get(field) ?? ''}${JSON.stringify(value)}\n`);
  }
  return texts;
}
