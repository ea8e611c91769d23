import type { LogEntryHeader } from '../../../shared/engine/log-entry.ts';
import { type StreamId, streamName, type Window } from '../../../shared/engine/stream.ts';
import type { MemoryLake } from '../../support/memory/memory-lake.ts';

/** An entry of the lake as the checks look at it. */
export interface Entry {
  readonly header: LogEntryHeader;
  readonly lines: readonly string[];
}

/** The stream's entries, of one window or of all, in the order of windows and batches: its log, and what is derived from it. */
export function entriesOf(
  lake: MemoryLake,
  id: StreamId,
  window?: Window,
): { readonly main: readonly Entry[]; readonly derived: readonly Entry[] } {
  const entries = [...lake.entries.values()]
    .filter(
      (entry) =>
        streamName(entry.id.stream) === streamName(id) &&
        (window === undefined || entry.id.window.from === window.from),
    )
    .sort((a, b) => a.id.window.from - b.id.window.from || a.id.batch - b.id.batch);
  return {
    main: entries.filter((entry) => entry.id.index === 'syslog'),
    derived: entries.filter((entry) => entry.id.index === 'alerts'),
  };
}
