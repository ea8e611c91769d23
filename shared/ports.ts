import type { LogEntryHeader, LogEntryId, RecordLine } from './engine/log-entry.ts';
import type { StreamStart } from './engine/new-stream.ts';
import type {
  Stream,
  StreamChange,
  StreamId,
  StreamStatus,
  Window,
  WindowCounters,
} from './engine/stream.ts';
import type { LogFilter } from './filters/log-filter.ts';
import type { Json, JsonObject } from './json.ts';

/** Epoch milliseconds. Everything that needs the time gets it from here. */
export interface Clock {
  now(): number;
}

/** A number in [0, 1); injected so that jitter is reproducible. */
export type Random = () => number;

export type ReadOutcome =
  | { readonly kind: 'found'; readonly stream: Stream }
  /** No such stream, or it was deleted. */
  | { readonly kind: 'missing' }
  /** The item was written by a newer version of this software; leave it alone. */
  | { readonly kind: 'newer'; readonly version: number }
  /** The item is not what a stream's item must be; `reason` names the attribute. */
  | { readonly kind: 'malformed'; readonly reason: string };

export type UpdateOutcome =
  | { readonly kind: 'updated'; readonly stream: Stream }
  /** Another worker has the stream or had it meanwhile, and nothing was changed. */
  | { readonly kind: 'lost' };

/** For how long and for whom a stream is taken. Epoch milliseconds and milliseconds. */
export interface Lease {
  /** Unique to the slice; recognises our own acquire whose answer was lost. */
  readonly owner: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** One closed window, the unit of the proof of completeness. Times in epoch milliseconds. */
export interface LedgerEntry extends WindowCounters {
  readonly stream: StreamId;
  readonly window: Window;
  readonly batches: number;
  readonly closedAt: number;
  /** The closing worker's fence: a stale worker cannot overwrite a newer one's entry. */
  readonly fence: number;
}

/** The state table as the worker sees it. Every write of a stream's progress is conditional on the fence. */
export interface StreamStore {
  /** The stream as it is now, by a strongly consistent read. */
  read(id: StreamId): Promise<ReadOutcome>;
  /**
   * Takes the stream and writes the change in one step, if it is still as it was seen and its lease has run out: raises the
   * fence and sets the lease. Unless the change says otherwise, the stream is due again when the lease ends, so that a
   * dead worker is replaced without anybody noticing its death.
   */
  acquire(seen: Stream, change: StreamChange, lease: Lease): Promise<UpdateOutcome>;
  /** Writes the change if `held.fence` and `held.step` are still the stored ones, and returns the stream as it is now. */
  update(held: Stream, change: StreamChange): Promise<UpdateOutcome>;
  /**
   * Says of a stream whose item cannot be read what is wrong with it and when it is tried again (epoch milliseconds).
   * Touches nothing else of the item.
   */
  setAside(id: StreamId, status: StreamStatus, nextDueAt: number): Promise<void>;
  /** Notes a closed window. Writing the same window again is harmless; a lower fence never replaces a higher one. */
  putLedgerEntry(entry: LedgerEntry): Promise<void>;
}

/** Something that the due index says is due: a stream, unless another kind is named. */
export interface Due<Id = StreamId> {
  readonly id: Id;
  readonly nextDueAt: number;
}

/** A part of what is due. */
export interface DuePage<Id = StreamId> {
  /** Of each partition of the index the earliest first. */
  readonly items: readonly Due<Id>[];
  /** Keys of items in the index that are not of the kind, as text for whoever has to look: they must not stop the others. */
  readonly unreadable: readonly string[];
}

/** The state table as the fan-out sees it. */
export interface DueIndex<Id = StreamId> {
  /** What has `nextDueAt <= now`, in pages. Reads only what is due. */
  due(now: number): AsyncIterable<DuePage<Id>>;
  /** Moves the due time to `until` if it is still the one seen, and changes nothing else; false when somebody else was faster. */
  claim(due: Due<Id>, until: number): Promise<boolean>;
}

/**
 * What a slice of work is asked for. It names a stream and carries no state, so that a message which is lost, doubled or
 * redriven weeks later can do no harm: the truth is read from the table.
 */
export interface WorkMessage {
  readonly version: 1;
  readonly stream: StreamId;
}

export interface WorkQueue {
  /**
   * Sends all messages, in batches. Throws when any of them was not accepted: a swallowed send is lost work.
   * @param delaySeconds 0 to 900, for all of them.
   */
  send(messages: readonly WorkMessage[], delaySeconds: number): Promise<void>;
}

export interface AppendOutcome {
  /** `exists`: the place was taken; the stored entry is unchanged and is the one that counts. */
  readonly kind: 'appended' | 'exists';
}

/** The lines of a log entry while it grows. How they are kept, and when they are compressed, is the lake's business. */
export interface EntryBody {
  /** Lines added so far. */
  readonly count: number;
  add(line: RecordLine): void;
  /** The lines of a page are complete: a good moment to compress them. */
  endPage(): void;
  /** The whole body, encoded. Nothing can be added afterwards; asking again gives the same. */
  finish(): Promise<Uint8Array>;
}

/** The landing zone: an append-only log of immutable objects. */
export interface LakeLog {
  newBody(): EntryBody;
  /** Creates the entry if its place is free; never overwrites. `body` as `EntryBody.finish` gave it. */
  append(id: LogEntryId, header: LogEntryHeader, body: Uint8Array): Promise<AppendOutcome>;
  /** The header of an existing entry, or undefined. */
  header(id: LogEntryId): Promise<LogEntryHeader | undefined>;
  /** The lines of an existing entry, in order. Throws when there is none. */
  lines(id: LogEntryId): Promise<readonly RecordLine[]>;
}

/** What is kept per connector in the secret store, and nowhere else. */
export interface ConsoleCredentials {
  readonly hostUrl: string;
  readonly apiToken: string;
}

export interface SecretStore {
  /** Undefined when there is no such secret. The value is the secret's text, JSON of `ConsoleCredentials`. */
  get(connector: Pick<StreamId, 'tenant' | 'connector'>): Promise<string | undefined>;
  /** Creates or replaces it. */
  put(connector: Pick<StreamId, 'tenant' | 'connector'>, value: string): Promise<void>;
  /** Takes it away; harmless where there is none. */
  remove(connector: Pick<StreamId, 'tenant' | 'connector'>): Promise<void>;
}

/** The parameters of a list call; values are sent as they are, URL-encoded once. */
export type ListParams = Readonly<Record<string, string>>;

/** One answer of a list endpoint, with the vendor's envelope taken off. */
export interface ListPage {
  /** `data: null` is an empty page. Elements are whatever the console sent, also null. */
  readonly data: readonly Json[];
  /** Undefined where the console said null, "" or nothing: the walk has ended. */
  readonly nextCursor?: string;
  readonly totalItems?: number;
}

/**
 * The roots of a console's API: `management` is /web/api/v2.1 and takes the token as `ApiToken`, `data-lake` is
 * /sdl/v2/api and takes it as `Bearer`.
 */
export type ApiSurface = 'management' | 'data-lake';

/** A call that is not answered by a list. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the surface's root; starts with a slash and holds no query. */
  readonly path: string;
  /** `management` where absent. */
  readonly surface?: ApiSurface;
  readonly params?: ListParams;
  readonly body?: JsonObject;
  /** `X-Dataset-Query-Forward-Tag`: leads a data lake query's calls to the server that runs it. */
  readonly forwardTag?: string;
}

export interface ApiAnswer {
  /** The parsed body; undefined where there was none. */
  readonly json: Json | undefined;
  /** Of a data lake query; to be sent with every further call about it. */
  readonly forwardTag?: string;
}

/** One console, seen with one token. Failures are `ConnectorError`s. */
export interface SentinelOneApi {
  /** GET below /web/api/v2.1. `path` starts with a slash and holds no query. */
  list(path: string, params: ListParams, signal?: AbortSignal): Promise<ListPage>;
  /** Any other call. Errors inside a success (`errors` in its body) are failures here too. */
  request(request: ApiRequest, signal?: AbortSignal): Promise<ApiAnswer>;
}

/** Something that a reading remembers of one parent or record, besides the log and made from it. */
export interface Memory {
  readonly key: string;
  readonly value: JsonObject;
  /** Counts the writes; 0 for what was never written. */
  readonly version: number;
}

/** What readings remember. It is made from the log, and tells what of a parent or record is in it already. */
export interface MemoryStore {
  /** What is remembered under the keys, by key; keys without anything are not in it. Strongly consistent. */
  get(owner: StreamId, keys: readonly string[]): Promise<ReadonlyMap<string, Memory>>;
  /** The next `limit` of what is remembered for the owner, in the order of the keys, behind the key `after`; fewer where there are no more. */
  page(owner: StreamId, after: string | undefined, limit: number): Promise<readonly Memory[]>;
  /**
   * Writes the value, or forgets the key where it is null, if the stored version is still `memory.version`. False where it
   * is another one, and nothing was changed.
   * @param forgetAt epoch milliseconds from which on the key may be forgotten by itself; never where absent
   */
  put(
    owner: StreamId,
    memory: Omit<Memory, 'value'> & { readonly value: JsonObject | null },
    forgetAt?: number,
  ): Promise<boolean>;
}

/** A connector as it is stored; the token is not in it. */
export interface Connector {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly tenantName: string;
  readonly hostUrl: string;
  readonly contentTypes: readonly string[];
  readonly intervalMs?: number;
  /** Where the first window of every stream starts, epoch milliseconds. */
  readonly since: number;
  readonly siteIds: readonly string[];
  readonly accountIds: readonly string[];
  /** How single content types are read, by their ids; what each of them understands is in docs/content-types.md. */
  readonly options?: Readonly<Record<string, JsonObject>>;
  /** Which records are written, for content types of its own and all; valid ones (`readFilters`). */
  readonly filters?: readonly LogFilter[];
  readonly createdAt: number;
}

/** The state table as the ones see it who create and watch connectors. */
export interface ConnectorStore {
  /** Creates the stream unless it exists; an existing one keeps its progress and gets the new settings. */
  ensureStream(id: StreamId, start: StreamStart): Promise<void>;
  /** The live streams of a connector. */
  streams(tenant: string, connector: string): Promise<readonly Stream[]>;
  /** Those that read a time before its beginning. */
  parts(tenant: string, connector: string): Promise<readonly Stream[]>;
  /** Makes a stream due at `at`, whatever was planned. */
  makeDue(id: StreamId, at: number): Promise<void>;
  ledger(id: StreamId, from: number, to: number): Promise<readonly LedgerEntry[]>;
}

/** Structured log lines of the domain; the Lambda side writes them as JSON. Never a token, never a body. */
export interface Log {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}
