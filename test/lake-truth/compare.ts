import type { RecordIdentity } from '../../shared/content-types/content-type.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import { isObject, type JsonObject } from '../../shared/json.ts';
import { parseLossless } from '../../shared/sentinelone/lossless-json.ts';
import { type Fingerprint, fingerprint, holds } from './fingerprint.ts';
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
  const known = new Map<string, Known>();
  for await (const { time, current, record } of truth) {
    known.set(nameOf(type.identity(record)), {
      time,
      fingerprint: fingerprint(record),
      required: current && Date.parse(time) < stream.watermark,
      found: 0,
    });
  }
  const required = [...known.values()].filter((revision) => revision.required).length;
  let lines = 0;
  let ahead = 0;
  for (const index of [type.index, ...(type.derived === undefined ? [] : [type.derived.index])]) {
    for (const revision of known.values()) revision.found = 0;
    const prefix = `landing/tenant=${stream.tenant}/index=${index}/msg_class=${type.msgClass}`;
    for await (const line of linesBelow(prefix)) {
      if (!line.key.split('/').at(-1)?.startsWith(`${stream.connector}-`)) continue;
      const found = examine(line, type.identity, known);
      if (found.problem !== undefined) problems.push(`${index}: ${found.problem}`);
      if (index !== type.index) continue;
      lines += 1;
      if (found.time !== undefined && Date.parse(found.time) >= stream.watermark) ahead += 1;
    }
    for (const [name, { required, found }] of known) {
      if (required && found === 0) problems.push(`${index}: ${name} is missing`);
      if (found > 1) problems.push(`${index}: ${name} is there ${found} times`);
    }
  }
  const rest = problems.length - mostProblems;
  return {
    lines,
    ahead,
    required,
    problems: rest > 0 ? [...problems.slice(0, mostProblems), `and ${rest} more`] : problems,
  };
}

/** What is wrong with a line, if anything, and which revision it is. */
function examine(
  { key, text }: LakeLine,
  identity: (vendor: JsonObject) => RecordIdentity,
  known: ReadonlyMap<string, Known>,
): { readonly problem?: string; readonly time?: string } {
  const record = parseLine(text);
  if (record === undefined) return { problem: `a line in ${key} is no JSON object` };
  if (record['normalization_error'] !== undefined)
    return { problem: `a record in ${key} could not be normalised` };
  const name = nameOf(identity(record));
  const revisionKnown = known.get(name);
  if (revisionKnown === undefined)
    return { problem: `${name} is there, but the console never showed it in this time (${key})` };
  revisionKnown.found += 1;
  const { time } = revisionKnown;
  if (!holds(record, revisionKnown.fingerprint))
    return { problem: `${name} is not what the console shows (${key})`, time };
  const hour = /\/dt=([\d-]+)\/hr=(\d\d)\//.exec(key);
  if (!time.startsWith(`${hour?.[1]}T${hour?.[2]}`))
    return { problem: `${name} lies in the wrong hour (${key})`, time };
  return { time };
}

function nameOf({ id, revision }: RecordIdentity): string {
  return `${id} of ${revision}`;
}

function parseLine(text: string): JsonObject | undefined {
  try {
    const value = parseLossless(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
