import { draws } from '../../local/console/world/random.ts';
import type { StreamId } from '../../shared/engine/stream.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { ListPage, ListParams } from '../../shared/ports.ts';
import { parseConsoleTime } from '../../shared/sentinelone/console-time.ts';
import { Faults } from './simulation/faults.ts';
import { entriesOf } from './simulation/lake-entries.ts';
import { type ConsoleModel, World } from './simulation/world.ts';

/** A world in which nothing goes wrong but what the test does, beginning at ten in the morning. */
export function quietWorld<C extends ConsoleModel>(options: { workers: number; pageSize: number }): World<C> {
  const faults = new Faults(1, new Set());
  faults.end();
  return new World<C>({
    time: Date.parse('2026-11-24T10:00:00Z'),
    random: draws(1, 2, 0),
    faults,
    isTraced: false,
    batchPages: 4,
    consoleSkewMs: 0,
    ...options,
  });
}

/** A console with a record every `everyMs`, since ever and for ever, that costs no memory. */
export class EvenConsole implements ConsoleModel {
  private readonly everyMs: number;
  /** Runs before each answer; may throw in its place, or let the worker die of it. */
  before: (die: () => void) => void = () => undefined;

  constructor(everyMs: number) {
    this.everyMs = everyMs;
  }

  liveOn(): void {}

  async list(_: string, params: ListParams, die: () => void): Promise<ListPage> {
    this.before(die);
    const to = parseConsoleTime(params['updatedAt__lt']) ?? 0;
    const begin = Number(params['cursor'] ?? parseConsoleTime(params['updatedAt__gte']));
    const first = Math.ceil(begin / this.everyMs) * this.everyMs;
    const data: JsonObject[] = [];
    let at = first;
    for (; at < to && data.length < Number(params['limit']); at += this.everyMs) {
      data.push({ id: `r${at}`, updatedAt: new Date(at).toISOString(), version: 1 });
    }
    return {
      data,
      ...(at < to ? { nextCursor: String(at) } : {}),
      totalItems: Math.ceil((to - first) / this.everyMs),
    };
  }
}

/** Lets the world go on until a time, epoch milliseconds. */
export async function runUntil(world: World<EvenConsole>, time: number): Promise<void> {
  while (world.time < time) {
    await world.step();
    world.expectNothingUnexpected();
  }
}

/** The times of the records of a stream in the lake, in the order of the log, epoch milliseconds. */
export function timesInLake(world: World<EvenConsole>, id: StreamId): readonly number[] {
  return entriesOf(world.lake, id).main.flatMap(({ lines }) =>
    lines.map((line) => Date.parse(JSON.parse(line).updatedAt)),
  );
}

/** The times of the records that a console with one every `everyMs` has from a time to another. */
export function evenTimes(from: number, to: number, everyMs: number): readonly number[] {
  const times: number[] = [];
  for (let at = Math.ceil(from / everyMs) * everyMs; at < to; at += everyMs) times.push(at);
  return times;
}
