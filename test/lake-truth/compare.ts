import type { ContentType } from '../../shared/content-types/content-type.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import type { Window } from '../../shared/engine/stream.ts';
import { isObject, type JsonObject } from '../../shared/json.ts';
import { isDerived } from '../../shared/records/derive-record.ts';
import { parseLossless } from '../../shared/sentinelone/lossless-json.ts';
import { changeCheck } from './change-check.ts';
import type { Check, Judgement } from './check.ts';
import { type KnownRevisions, knownRevisions, type TrueRevision } from './known-revision.ts';
import { placementOf } from './placement.ts';
import type { LakeLine } from './read-lake.ts';
import { revisionCheck } from './revision-check.ts';
import { snapshotCheck } from './snapshot-check.ts';

/** What is compared: one stream from the start of its first window to its watermark. Epoch milliseconds. */
export interface ComparedStream {
  readonly tenant: string;
  readonly connector: string;
  readonly contentType: string;
  readonly since: number;
  readonly watermark: number;
  /** What the connector says about the content type. */
  readonly options?: JsonObject;
  /** What the simulator calls the truth that it is compared with; the content type's id where absent. */
  readonly truth?: string;
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

/**
 * Compares a stream's part of the lake with the console, record by record, per index: everything that the console shows in
 * `[since, watermark)` is there exactly once and deep-equal, and nothing is there that the console never showed. What that
 * means for a content type says its placement.
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
  const known = await knownRevisions(type, truth);
  let lines = 0;
  let ahead = 0;
  let required = 0;
  const { derived } = type;
  const isAlsoDerived = derived !== undefined && isDerived(derived, stream.options ?? {});
  for (const index of [type.index, ...(isAlsoDerived ? [derived.index] : [])]) {
    const check = checkOf(type, stream, known);
    const prefix = `landing/tenant=${stream.tenant}/index=${index}/msg_class=${type.msgClass}`;
    for await (const line of linesBelow(prefix)) {
      const { connector, contentType: writer } = writerOf(line.key);
      const isOwn = writer === stream.contentType;
      if (connector !== stream.connector || !(isOwn || check.alsoOf.includes(writer))) continue;
      const found = examine(line, writer, check);
      if (!isOwn) continue;
      if (found.problem !== undefined) problems.push(`${index}: ${found.problem}`);
      if (index !== type.index) continue;
      lines += 1;
      if (found.time !== undefined && Date.parse(found.time) >= stream.watermark) ahead += 1;
    }
    const ended = check.end();
    problems.push(...ended.problems.map((problem) => `${index}: ${problem}`));
    if (index === type.index) required = ended.required;
  }
  const rest = problems.length - mostProblems;
  return {
    lines,
    ahead,
    required,
    problems: rest > 0 ? [...problems.slice(0, mostProblems), `and ${rest} more`] : problems,
  };
}

function checkOf(type: ContentType, stream: ComparedStream, known: KnownRevisions): Check {
  const { kind, revisited } = placementOf(stream.truth ?? type.id);
  if (kind === 'snapshots') return snapshotCheck(type, stream, known);
  if (revisited !== undefined) return changeCheck(type, stream, { known, revisited });
  return revisionCheck(type, stream, known);
}

function examine({ key, text }: LakeLine, contentType: string, check: Check): Judgement {
  const record = parseLine(text);
  if (record === undefined) return { problem: `a line in ${key} is no JSON object` };
  if (record['normalization_error'] !== undefined)
    return { problem: `a record in ${key} could not be normalised` };
  return check.see({ key, contentType, window: windowOf(key), record });
}

/** The object's name begins with the stream's, and what follows it has no other form. The past is read by streams of their own. */
function writerOf(key: string): { readonly connector: string; readonly contentType: string } {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const [, connector = '', writer = ''] =
    /^([^.]*)\.([^.]+?)(?:\.[^.-]+)?-\d{8}T\d{9}Z-\d+\.ndjson\.gz$/.exec(name) ?? [];
  return { connector, contentType: writer };
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
