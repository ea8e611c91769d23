import type { Reading } from '../../../shared/engine/reading.ts';
import { type StreamId, streamName } from '../../../shared/engine/stream.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { LedgerEntry } from '../../../shared/ports.ts';
import { type Entry, entriesOf } from './lake-entries.ts';
import type { ExpectLaw, ReadStream, SimConsole } from './sim-console.ts';
import { Violation } from './violation.ts';
import type { Source, World } from './world.ts';

/**
 * Compares lake, state and consoles once the streams are complete.
 * @throws Violation that names the first law that does not hold
 */
export function expectLaws(world: World<SimConsole>): void {
  for (const source of world.sources) expectStream(world, source);
  const crashes = world.faults.struck.some(({ kind }) => crashing.has(kind));
  if (!crashes && world.queue.deadLetters.length > 0)
    throw new Violation('I6 throttling and dead letters', `${world.queue.deadLetters.length} dead letters`);
}

/** What may bring a message back often enough to end in the dead-letter queue. */
const crashing: ReadonlySet<string> = new Set([
  'kill',
  'stall',
  'lostAnswer',
  'refusedCall',
  'doubleMessage',
  'pause',
]);

function expectStream(world: World<SimConsole>, source: Source<SimConsole>): void {
  const { id, console, since } = source;
  const expectLaw = lawsOf(id);
  const stream = world.stored(id);
  const { main, derived } = entriesOf(world.lake, id);
  const ledger = world.streams.ledgerOf(id);

  const uids = main.flatMap(uidsOf);
  expectLaw('doubled', uids.length === new Set(uids).size, () => repeatedLines(main));
  const alerts = derived.flatMap(uidsOf);
  expectLaw(
    'derived',
    JSON.stringify(alerts) === JSON.stringify(uids),
    () => `${alerts.length} alerts of ${uids.length} records`,
  );
  const read = readStream(world, source);
  const unwanted = read.records.filter(console.filtering.drops);
  expectLaw('filters', unwanted.length === 0, () =>
    unwanted.map((record) => JSON.stringify(record)).join(', '),
  );
  console.expectTruth(read, expectLaw);

  const windows = Map.groupBy(main, ({ header }) => header.window.from);
  for (const [from, entries] of windows) {
    expectChain(expectLaw, entries, source.contentType?.reading);
    expectLedger(
      expectLaw,
      entries,
      ledger.find(({ window }) => window.from === from),
    );
  }
  const spans = [...windows.values()].flatMap(([entry]) =>
    entry === undefined ? [] : [entry.header.window],
  );
  expectLaw(
    'I2 chain',
    spans.every(({ from }, i) => from >= (spans[i - 1]?.to ?? since)),
    () => 'windows overlap',
  );
  expectLaw('I8 counted', ledger.length === windows.size, () => `${ledger.length} ledger entries`);
  const { totals, status } = stream;
  const filtered = sumOf(ledger.map((entry) => entry.filtered));
  expectLaw(
    'I8 counted',
    totals.filtered === filtered,
    () => `totals say ${totals.filtered} filtered, not ${filtered}`,
  );
  expectByFilter(expectLaw, totals);
  expectLaw('I8 counted', totals.records === uids.length, () => `totals say ${totals.records} records`);
  expectLaw('I8 counted', totals.batches === main.length, () => `totals say ${totals.batches} batches`);
  expectLaw('I8 counted', totals.windows === windows.size, () => `totals say ${totals.windows} windows`);
  expectLaw('status', status.health === 'ok' && status.failures === 0, () => JSON.stringify(status));
  expectLaw('status', stream.attempts === 0, () => `attempts ${stream.attempts}`);
}

const hourMs = 3_600_000;

function lawsOf(id: StreamId): ExpectLaw {
  return (law, holds, otherwise) => {
    if (!holds) throw new Violation(law, `${streamName(id)}: ${otherwise()}`);
  };
}

/** I1 and I2: numbered without a gap, ended once and at the end, in order, within the window and its hour. */
function expectChain(expectLaw: ExpectLaw, entries: readonly Entry[], reading: Reading | undefined): void {
  const headers = entries.map(({ header }) => header);
  expectLaw(
    'I1 one object per place',
    headers.every(({ batch }, i) => batch === i),
    () => `batches ${headers.map(({ batch }) => batch)}`,
  );
  expectLaw(
    'I2 chain',
    headers.every(({ end }, i) => end === (i === headers.length - 1)),
    () => `ends ${headers.map(({ end }) => end)}`,
  );
  let last = 0;
  for (const { header, lines } of entries) {
    const { from, to } = header.window;
    expectLaw(
      'I2 chain',
      Math.floor(from / hourMs) === Math.floor((to - 1) / hourMs),
      () => 'a window spans two hours',
    );
    expectLaw('I8 counted', header.written === lines.length, () => `header says ${header.written} lines`);
    for (const line of lines) {
      const time = reading?.sortKey(JSON.parse(line));
      if (time === undefined) continue;
      expectLaw('I2 chain', time >= from && time < to, () => `a record outside of its window: ${line}`);
      expectLaw('I2 chain', time >= last, () => `a record out of order: ${line}`);
      last = time;
    }
  }
}

function expectLedger(
  expectLaw: ExpectLaw,
  entries: readonly Entry[],
  ledger: LedgerEntry | undefined,
): void {
  const sum = (count: (entry: Entry) => number) => entries.reduce((total, entry) => total + count(entry), 0);
  expectLaw('I8 counted', ledger !== undefined, () => 'a window is not in the ledger');
  if (ledger === undefined) return;
  const counted = {
    read: sum(({ header }) => header.read),
    written: sum(({ lines }) => lines.length),
    filtered: sum(({ header }) => header.filtered),
    pages: sum(({ header }) => header.pages),
    batches: entries.length,
  };
  for (const name of ['read', 'written', 'filtered', 'pages', 'batches'] as const) {
    expectLaw(
      'I8 counted',
      ledger[name] === counted[name],
      () => `ledger says ${name} ${ledger[name]}, not ${counted[name]}`,
    );
  }
  expectLaw(
    'I8 counted',
    ledger.read === ledger.written + ledger.filtered,
    () => 'read is not written and filtered',
  );
  expectByFilter(expectLaw, ledger);
}

/** What was dropped is counted by filter as well, and nothing else is. */
function expectByFilter(
  expectLaw: ExpectLaw,
  { filtered, filteredBy = {} }: Pick<LedgerEntry, 'filtered' | 'filteredBy'>,
): void {
  const sum = sumOf(Object.values(filteredBy));
  expectLaw('I8 counted', sum === filtered, () => `${JSON.stringify(filteredBy)} of ${filtered} filtered`);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function readStream(world: World<SimConsole>, { id, console, since }: Source<SimConsole>): ReadStream {
  const entries = entriesOf(world.lake, id).main;
  return {
    id,
    since,
    watermark: world.stored(id).watermark,
    now: world.time,
    entries,
    records: entries.flatMap(({ lines }) => lines.map((line): JsonObject => JSON.parse(line))),
    filtered: sumOf(entries.map(({ header }) => header.filtered)),
    memory: world.memory,
    others: () =>
      world.sources
        .filter((other) => other.console === console && other.id !== id)
        .map((other) => readStream(world, other)),
  };
}

function uidsOf({ lines }: Entry): readonly string[] {
  return lines.map((line) => JSON.parse(line)['record_uid']);
}

function repeatedLines(entries: readonly Entry[]): string {
  const seen = new Set<string>();
  return entries
    .flatMap(({ lines }) => lines)
    .filter((line) => {
      const uid = JSON.parse(line)['record_uid'];
      return seen.size === seen.add(uid).size;
    })
    .join(', ');
}
