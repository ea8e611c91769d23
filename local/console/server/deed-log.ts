import type { Json } from '../../../shared/json.ts';

/** A command that the console has taken. */
export interface DeedLogEntry {
  /** The console's time, epoch milliseconds. */
  readonly time: number;
  /** The end of the path, e.g. `disconnect` or `threats/notes`. */
  readonly verb: string;
  /** Of what it was taken for: agents, threats, alerts, or restrictions. */
  readonly ids: readonly string[];
  /** The token's label. */
  readonly token: string;
}

/** A request for an action, whatever came of it. The token itself is nowhere in it. */
export interface ActionRequestEntry {
  /** The console's time, epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  /** Below the root of the API. */
  readonly path: string;
  /** As it came; null where the body had none, or was no JSON. */
  readonly filter: Json;
  readonly data: Json;
  /** 0 where the connection was reset before an answer. */
  readonly status: number;
  /** The token's label, `unknown`, or `none`. */
  readonly token: string;
}

/** What has been done, and what has been asked for; the last ones of each, oldest first. */
export interface DeedLog {
  readonly deeds: readonly DeedLogEntry[];
  readonly requests: readonly ActionRequestEntry[];
  addDeed(entry: DeedLogEntry): void;
  addRequest(entry: Omit<ActionRequestEntry, 'filter' | 'data'>, body: string): void;
}

const mostEntries = 10_000;

export function deedLog(): DeedLog {
  const deeds: DeedLogEntry[] = [];
  const requests: ActionRequestEntry[] = [];
  return {
    deeds,
    requests,
    addDeed(entry) {
      if (entry.ids.length > 0) keep(deeds, entry);
    },
    addRequest(entry, body) {
      keep(requests, { ...entry, filter: partOf(body, 'filter'), data: partOf(body, 'data') });
    },
  };
}

/** Half of them go at once, so that a full log does not move all entries for every request. */
function keep<T>(entries: T[], entry: T): void {
  if (entries.length >= mostEntries) entries.splice(0, mostEntries / 2);
  entries.push(entry);
}

function partOf(body: string, name: string): Json {
  try {
    const value: unknown = JSON.parse(body);
    const part: Json | undefined =
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    return part ?? null;
  } catch {
    // What came is no JSON, and the answer says so.
    return null;
  }
}
