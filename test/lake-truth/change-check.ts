import type { ContentType } from '../../shared/content-types/content-type.ts';
import { nextSlot } from '../../shared/engine/schedule.ts';
import type { Check, Judgement, LakeRecord } from './check.ts';
import type { ComparedStream } from './compare.ts';
import { holds } from './fingerprint.ts';
import type { KnownRevision, KnownRevisions } from './known-revision.ts';
import type { Revisited } from './placement.ts';

/** So long before a round a record has to be in the lake for the round to ask for it again, milliseconds. */
const leadMs = 60_000;

/** A record of the lake in one of its states. */
interface Reading {
  /** The start of the window in which it was read again; before all others where it was read first. */
  readonly from: number;
  /** The number of its state. */
  readonly state: number;
  readonly isOpen: boolean;
  readonly writtenMs: number;
}

/**
 * Nothing is there again unless it has changed, nor in a state that it was no longer in; and what was open in the lake before the
 * last round is there in the state that it had by then.
 * @param known every state of every record, with the time since when it was in it
 */
export function changeCheck(
  type: ContentType,
  stream: ComparedStream,
  { known, revisited }: { readonly known: KnownRevisions; readonly revisited: Revisited },
): Check {
  const readings = new Map<string, Reading[]>();
  const roundMs = nextSlot(stream, type.defaultIntervalMs, stream.watermark - 1 - type.defaultIntervalMs);

  function see({ key, contentType, window, record }: LakeRecord): Judgement {
    const { id } = type.identity(record, window);
    const isFirst = contentType === revisited.contentType;
    const time = new Date(window.from).toISOString();
    const states = known.get(id) ?? [];
    const state = states.findIndex(({ fingerprint }) => holds(record, fingerprint));
    if (state < 0) {
      // What is wrong with the first reading is for the other stream's check.
      return isFirst ? {} : { problem: `${id} is not in a state that the console has shown (${key})`, time };
    }
    const reading = {
      from: isFirst ? Number.NEGATIVE_INFINITY : window.from,
      state,
      isOpen: revisited.isOpen(record),
      writtenMs: Number(record['write_time']),
    };
    readings.set(id, [...(readings.get(id) ?? []), reading]);
    if (isFirst) return {};
    const next = states[state + 1];
    if (next !== undefined && Date.parse(next.time) < window.from)
      return { problem: `${id} was not in this state any more when it was read (${key})`, time };
    return { time };
  }

  function end() {
    const problems: string[] = [];
    let required = 0;
    for (const [id, unordered] of readings) {
      const inOrder = unordered.toSorted((a, b) => a.from - b.from);
      for (const [index, reading] of inOrder.entries()) {
        const before = inOrder[index - 1];
        if (before !== undefined && reading.state <= before.state)
          problems.push(`${id} is there again although it has not changed`);
        if (before !== undefined && !before.isOpen)
          problems.push(`${id} is there again although it was closed`);
      }
      const newest = inOrder.at(-1);
      if (newest === undefined || !newest.isOpen || !(newest.writtenMs < roundMs - leadMs)) continue;
      const [missing] = (known.get(id) ?? []).slice(newest.state + 1);
      required += 1;
      if (missing !== undefined && isBefore(missing, roundMs)) problems.push(`${missing.name} is missing`);
    }
    return { problems, required };
  }

  return { alsoOf: [revisited.contentType], see, end };
}

function isBefore({ time }: KnownRevision, ms: number): boolean {
  return Date.parse(time) < ms;
}
