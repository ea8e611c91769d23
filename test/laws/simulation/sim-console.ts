import type { Draws } from '../../../local/console/world/random.ts';
import type { ContentType } from '../../../shared/content-types/content-type.ts';
import type { StreamId } from '../../../shared/engine/stream.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../shared/ports.ts';
import type { MemoryMemory } from '../../support/memory/memory-memory.ts';
import { refusal, troubleInstead } from './console-trouble.ts';
import type { Faults } from './faults.ts';
import type { Filtering } from './filtering.ts';
import type { Entry } from './lake-entries.ts';
import type { Law } from './violation.ts';
import type { ConsoleModel } from './world.ts';

/** What a console is made with. */
export interface SimConsoleOptions {
  /** The console's own clock, epoch milliseconds. */
  readonly now: () => number;
  readonly faults: Faults;
  readonly random: Draws;
  readonly pageSize: number;
  /** The log filters of the connector that reads it. */
  readonly filtering: Filtering;
}

/** A stream that is complete, and what is in the lake of it. Times in epoch milliseconds. */
export interface ReadStream {
  readonly id: StreamId;
  readonly since: number;
  readonly watermark: number;
  readonly now: number;
  /** In the order of the log. */
  readonly entries: readonly Entry[];
  /** Of all entries, in the same order. */
  readonly records: readonly JsonObject[];
  /** Records that were dropped, by the headers of the log. */
  readonly filtered: number;
  readonly memory: MemoryMemory;
  /** The other streams of the same console. */
  others(): readonly ReadStream[];
}

export type ExpectLaw = (law: Law, holds: boolean, otherwise: () => string) => void;

/** How late the console shows a change after its time stamp, at most; below the settle time of the content types. */
const mostLatenessMs = 40_000;
/** Time stamps fall on a grid, so that many records share one. */
const gridMs = [1, 1_000, 10_000];

/** A console with data of one kind that change while they are read, and that refuses, throttles and fails. */
export abstract class SimConsole implements ConsoleModel {
  abstract readonly contentTypes: readonly ContentType[];
  /** Refuses everything, because a permission is missing. */
  isForbidden = false;
  protected readonly options: SimConsoleOptions;
  private made = 0;

  constructor(options: SimConsoleOptions) {
    this.options = options;
  }

  /** Makes what was there before anybody looked, spread over a time span with heaps and hour bounds in it. */
  abstract fill(count: number, from: number, to: number): void;
  abstract liveOn(): void;
  /** What the laws say about this kind of data, besides those that hold for all. */
  abstract expectTruth(stream: ReadStream, expectLaw: ExpectLaw): void;
  protected abstract answer(path: string, params: ListParams): ListPage;

  async list(path: string, params: ListParams): Promise<ListPage> {
    if (this.isForbidden) throw refusal('permission_missing', 'permission', 403);
    return troubleInstead(this.options.faults, this.options.random, params) ?? this.answer(path, params);
  }

  /** The log filters of the connector that reads it. */
  get filtering(): Filtering {
    return this.options.filtering;
  }

  /** True where the filters keep a record of this object out of the lake. */
  protected isDropped(record: object): boolean {
    return this.options.filtering.drops({ ...record });
  }

  /** Nothing is dropped without being counted. It may be counted again where a walk is resumed. */
  protected expectCounted(due: readonly object[], { filtered }: ReadStream, expectLaw: ExpectLaw): void {
    const dropped = due.filter((record) => this.isDropped(record)).length;
    expectLaw('I8 counted', filtered >= dropped, () => `${filtered} counted of ${dropped} dropped`);
  }

  /** A number that no other thing of this console has. */
  protected next(): number {
    return ++this.made;
  }

  /** A time stamp of now: the console may show a change a little later than that. */
  protected stamp(): number {
    const { now, random } = this.options;
    const grid = random.pick(gridMs);
    return Math.floor((now() - random.below(mostLatenessMs)) / grid) * grid;
  }

  /** Times for `fill`. */
  protected spread(count: number, from: number, to: number): readonly number[] {
    const { random } = this.options;
    let heap = from;
    return Array.from({ length: count }, () => {
      if (random.chance(0.4)) heap = from + random.below(to - from);
      const onTheHour = Math.ceil(heap / 3_600_000) * 3_600_000;
      const at = random.chance(0.2) ? heap : random.chance(0.1) ? onTheHour : heap + random.below(60_000);
      return Math.min(at, to);
    });
  }
}

/** True of a time that lies behind the stream, so that what has it must be in the lake. */
export function isBehind(time: string, { since, watermark }: ReadStream): boolean {
  return Date.parse(time) >= since && Date.parse(time) < watermark;
}

/** Of two lists: what only the first one has. */
export function missingFrom(wanted: Iterable<string>, there: Iterable<string>): readonly string[] {
  const has = new Set(there);
  return [...wanted].filter((text) => !has.has(text));
}

/** A change is never older than the one before it. */
export function laterThan(before: string | undefined, time: number): string {
  return new Date(before === undefined ? time : Math.max(time, Date.parse(before) + 1)).toISOString();
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
