import type { ContentType, RecordIdentity } from '../../shared/content-types/content-type.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import type { Window } from '../../shared/engine/stream.ts';
import { isObject, type JsonObject } from '../../shared/json.ts';
import { parseLossless } from '../../shared/sentinelone/lossless-json.ts';
import { type Fingerprint, fingerprint, holds } from './fingerprint.ts';
import { placementOf } from './placement.ts';
import type { LakeLine } from './read-lake.ts';

/** One revision of one record that the console showed at some time. */
export interface TrueRevision {
  readonly id: string;
  /** By which the record is read, and in whose hour it lies. ISO-8601. */
  readonly time: string;
  /** True when the console shows this revision now; an older one may have been gone before anybody could read it. */
  readonly current: boolean;
  readonly record: JsonObject;
}

/** What is compared: one stream from the start of its first window to its watermark. Epoch milliseconds. */
export interface ComparedStream {
  readonly tenant: string;
  readonly connector: string;
  readonly contentType: string;
  readonly since: number;
  readonly watermark: number;
}

export interface Comparison {
  /** Lines of the stream in its own index. */
  readonly lines: number;
  /** Of these, lines of a window that is not read to its end yet. */
  readonly ahead: number;
  /** Revisions that the console shows and that must therefore be in the lake. */
  readonly required: number;
  /** One sentence each; empty means that lake and console agree. */
  readonly problems: readonly string[];
}

/** More than this many sentences help nobody. */
const mostProblems = 20;

interface Known {
  readonly name: string;
  readonly time: string;
  readonly fingerprint: Fingerprint;
  readonly required: boolean;
  found: number;
}

/**
 * Compares a stream's part of the lake with the console, record by record: every revision that the console shows in
 * `[since, watermark)` is there exactly once per index and deep-equal, and nothing is there that the console never showed.
 * @param linesBelow the lake's lines below a key prefix
 * @param truth every revision from `since` to now
 */
export async function compareStream(
  linesBelow: (prefix: string) => AsyncIterable<LakeLine> | Iterable<LakeLine>,
  stream: ComparedStream,
  truth: AsyncIterable<TrueRevision> | Iterable<TrueRevision>,
): Promise<Comparison> {
  const type = contentType(stream.contentType);
  if (type === undefined) throw new Error(`There is no content type ${stream.contentType}.`);
  const problems: string[] = [];
  const known = await knownRevisions(type, stream, truth);
  const all = [...known.values()].flat();
  let lines = 0;
  let ahead = 0;
  for (const index of [type.index, ...(type.derived === undefined ? [] : [type.derived.index])]) {
    for (const revision of all) revision.found = 0;
    const prefix = `landing/tenant=${stream.tenant}/index=${index}/msg_class=${type.msgClass}`;
    for await (const line of linesBelow(prefix)) {
      if (!fileName(line.key).startsWith(`${stream.connector}.${stream.contentType}-`)) continue;
      const found = examine(line, type, known);
      if (found.problem !== undefined) problems.push(`${index}: ${found.problem}`);
      if (index !== type.index) continue;
      lines += 1;
      if (found.time !== undefined && Date.parse(found.time) >= stream.watermark) ahead += 1;
    }
    for (const { name, required, found } of all) {
      if (required && found === 0) problems.push(`${index}: ${name} is missing`);
      if (found > 1) problems.push(`${index}: ${name} is there ${found} times`);
    }
  }
  const rest = problems.length - mostProblems;
  return {
    lines,
    ahead,
    required: all.filter((revision) => revision.required).length,
    problems: rest > 0 ? [...problems.slice(0, mostProblems), `and ${rest} more`] : problems,
  };
}

/** What the console has shown, by what identifies it. */
async function knownRevisions(
  type: ContentType,
  stream: ComparedStream,
  truth: AsyncIterable<TrueRevision> | Iterable<TrueRevision>,
): Promise<ReadonlyMap<string, readonly Known[]>> {
  const known = new Map<string, Known[]>();
  for await (const { time, current, record } of truth) {
    const identity = type.identity(record, { from: 0, to: 0 });
    const key = keyOf(type, identity);
    const revision = {
      name: `${identity.id} of ${time}`,
      time,
      fingerprint: fingerprint(record),
      required: current && Date.parse(time) < stream.watermark,
      found: 0,
    };
    const others = known.get(key);
    if (others === undefined) known.set(key, [revision]);
    else others.push(revision);
  }
  return known;
}

/** Where the console names no revision, the content has to tell which one it is. */
function keyOf(type: ContentType, { id, revision }: RecordIdentity): string {
  return placementOf(type.id).hasRevision ? `${id} of ${revision}` : id;
}

/** What is wrong with a line, if anything, and the time of the revision that it holds. */
function examine(
  { key, text }: LakeLine,
  type: ContentType,
  known: ReadonlyMap<string, readonly Known[]>,
): { readonly problem?: string; readonly time?: string } {
  const record = parseLine(text);
  if (record === undefined) return { problem: `a line in ${key} is no JSON object` };
  if (record['normalization_error'] !== undefined)
    return { problem: `a record in ${key} could not be normalised` };
  const identity = type.identity(record, windowOf(key));
  const candidates = known.get(keyOf(type, identity)) ?? [];
  const [first] = candidates;
  if (first === undefined)
    return {
      problem: `${identity.id} of ${identity.revision} is there, but the console never showed it in this time (${key})`,
    };
  const revision = candidates.find((candidate) => holds(record, candidate.fingerprint));
  if (revision === undefined) {
    first.found += 1;
    return { problem: `${first.name} is not what the console shows (${key})`, time: first.time };
  }
  revision.found += 1;
  const { time } = revision;
  const hour = /\/dt=([\d-]+)\/hr=(\d\d)\//.exec(key);
  if (placementOf(type.id).isByTime && !time.startsWith(`${hour?.[1]}T${hour?.[2]}`))
    return { problem: `${revision.name} lies in the wrong hour (${key})`, time };
  return { time };
}

function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** The window's start stands in the object's name. */
function windowOf(key: string): Window {
  const [, day, hour, minute, second] = /-(\d{8})T(\d\d)(\d\d)(\d{5})Z-\d+\.ndjson\.gz$/.exec(key) ?? [];
  const iso = `${day?.slice(0, 4)}-${day?.slice(4, 6)}-${day?.slice(6)}T${hour}:${minute}:${second?.slice(0, 2)}.${second?.slice(2)}Z`;
  const from = Date.parse(iso);
  return { from, to: from };
}

function parseLine(text: string): JsonObject | undefined {
  try {
    const value = parseLossless(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
