import { streamName } from '../../../shared/engine/stream.ts';
import { expectLaws } from './expect-laws.ts';
import type { Strike } from './faults.ts';
import { seededWorld } from './seeded-world.ts';
import type { SimConsole } from './sim-console.ts';
import { Violation } from './violation.ts';
import type { Source, World } from './world.ts';

/** What a run did. */
export interface Run {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly strikes: readonly Strike[];
  readonly steps: number;
  readonly workers: number;
  readonly records: number;
  readonly objects: number;
  readonly deadLetters: number;
  /** How long the run took in the world's own time. */
  readonly virtualMs: number;
  readonly trace: readonly string[];
}

const chaosSteps = [200, 700, 2_000];
/** Far more than anything needs; a run that takes longer hangs. */
const mostSteps = 20_000;

/**
 * Runs a seed: a time in which everything goes wrong that the seed has planned, then one in which nothing does, until every
 * stream is complete; then the zombies wake, and an operator redrives the dead letters. The laws must hold all the time.
 */
export async function runSeed(
  seed: number,
  options: { readonly without?: ReadonlySet<number>; readonly isTraced?: boolean } = {},
): Promise<Run> {
  const { without = new Set<number>(), isTraced = false } = options;
  const world = await seededWorld(seed, { without, isTraced });
  const begin = world.time;
  let deadLetters = 0;
  let violation: Violation | undefined;
  try {
    const chaos = world.scheduler.random.pick(chaosSteps);
    for (let i = 0; i < chaos; i++) await stepOf(world);
    world.faults.end();
    world.scheduler.note(() => 'nothing goes wrong any more');
    // Past everything that the consoles have shown, whatever their clocks say.
    const target = world.time + 600_000;
    // A stream that the console refuses must not hold up the others.
    await complete(world, target, (source) => !source.console.isForbidden);
    for (const { console } of world.sources) console.isForbidden = false;
    await complete(world, target, () => true);
    // What one stream of a console has remembered may be the work of another one.
    await complete(world, world.time + 300_000, ({ console }) => console.contentTypes.length > 1);
    await complete(world, target, () => true);
    expectLaws(world);

    deadLetters = world.queue.deadLetters.length;
    const closed = closedEntries(world);
    const before = closed();
    world.scheduler.note(() => 'the zombies wake, and the dead letters are redriven');
    world.scheduler.wakeAll();
    world.queue.redrive();
    for (let i = 0; i < 300; i++) await stepOf(world);
    await complete(world, world.time, () => true);
    if (closed() !== before)
      throw new Violation('I4 stale worker', 'zombies or redriven messages have changed the lake');
    expectLaws(world);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
  }
  return {
    seed,
    violation,
    strikes: world.faults.struck,
    steps: world.scheduler.steps,
    workers: world.workersStarted,
    records: [...world.lake.entries.values()].reduce((sum, { lines }) => sum + lines.length, 0),
    objects: world.lake.entries.size,
    deadLetters,
    virtualMs: world.time - begin,
    trace: world.scheduler.trace ?? [],
  };
}

/** Counts the entries of the windows that are closed now. Others may be added, as the readings ask for. */
function closedEntries(world: World<SimConsole>): () => number {
  const watermarks = new Map(world.sources.map(({ id }) => [streamName(id), world.stored(id).watermark]));
  return () =>
    world.lake.entries
      .values()
      .filter(({ id: { stream, window } }) => window.to <= (watermarks.get(streamName(stream)) ?? 0))
      .reduce((count) => count + 1, 0);
}

async function stepOf(world: World<SimConsole>): Promise<void> {
  await world.step();
  world.expectNothingUnexpected();
}

async function complete(
  world: World<SimConsole>,
  target: number,
  isMeant: (source: Source<SimConsole>) => boolean,
): Promise<void> {
  const isOpen = (source: Source<SimConsole>) => {
    const { watermark, leaseUntil, window, status } = world.stored(source.id);
    return watermark < target || leaseUntil > 0 || window !== undefined || status.failures > 0;
  };
  for (let steps = 0; ; steps++) {
    const open = world.sources.filter((source) => isMeant(source) && isOpen(source));
    if (open.length === 0) return;
    if (steps > mostSteps)
      throw new Violation(
        'stuck',
        open.map(({ id }) => `${streamName(id)} ${JSON.stringify(world.stored(id))}`).join('; '),
      );
    await stepOf(world);
  }
}
