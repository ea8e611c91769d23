import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import { joined } from '../../../../shared/engine/readings/joined.ts';
import { recordsByIds } from '../../../../shared/engine/readings/records-by-ids.ts';
import { snapshot } from '../../../../shared/engine/readings/snapshot.ts';
import { nextSlot } from '../../../../shared/engine/schedule.ts';
import type { Window } from '../../../../shared/engine/stream.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { itemContentType } from '../../../support/item-content-type.ts';
import {
  type ExpectLaw,
  missingFrom,
  type ReadStream,
  SimConsole,
  type SimConsoleOptions,
  textOf,
} from '../sim-console.ts';
import { answerList, type Listed } from '../sim-list.ts';

interface Thing extends Listed {
  readonly version: number;
  /** Since when it is in the list, epoch milliseconds. */
  readonly since: number;
  readonly group: string;
}

const minuteMs = 60_000;
const details = ['d1', 'd2', 'd3'];

/** A list without a time, read whole once per period; in some worlds joined with the details of its records' groups. */
export class SnapshotsConsole extends SimConsole {
  readonly contentTypes: readonly ContentType[];
  private readonly things = new Map<string, Thing>();
  private readonly history = new Set<string>();
  private readonly everyMs = this.options.random.pick([20, 60]) * minuteMs;
  private readonly isJoined = this.options.random.chance(0.4);

  constructor(options: SimConsoleOptions) {
    super(options);
    const list = { path: '/things', sortBy: 'id', pageSize: options.pageSize, everyMs: this.everyMs };
    this.contentTypes = [
      {
        ...itemContentType(options.pageSize),
        id: 'snapshots',
        settleMs: options.random.pick([0, 60_000]),
        reading: this.isJoined
          ? joined({
              list,
              owners: {
                path: '/owners',
                idOf: ({ group }) => textOf(group),
                params: {},
                select: (owner) => owner,
                refused: 'No owners.',
              },
              details: {
                groupOf: ({ group }) => textOf(group),
                read: (thing, request) =>
                  recordsByIds(`/details/${textOf(thing['group'])}`, details, {}, request),
              },
              join: (thing, detail) => ({ ...thing, detail: detail['id'] ?? null }),
            })
          : snapshot(list),
        identity: ({ id, detail }, { from }) => ({
          id: `${textOf(id)} ${textOf(detail)}`,
          revision: String(from),
        }),
        eventTime: () => undefined,
      },
    ];
  }

  fill(count: number, from: number): void {
    for (let i = 0; i < count; i++) this.show(`${1_000 + this.next()}`, from);
  }

  liveOn(): void {
    const { faults, random, now } = this.options;
    if (faults.strikes('add')) this.show(`${1_000 + this.next()}`, now());
    if (!faults.strikes('change') || this.things.size === 0) return;
    const { id, since } = random.pick([...this.things.values()]);
    if (random.chance(0.1)) this.things.delete(id);
    else this.show(id, since);
  }

  protected answer(path: string, params: ListParams): ListPage {
    const [, list, group] = path.split('/');
    if (list === 'things') return answerList(this.things.values(), params);
    const ids = list === 'owners' ? (params['ids']?.split(',') ?? []) : detailsOf(group ?? '');
    return { data: ids.map((id) => ({ id })) };
  }

  expectTruth(stream: ReadStream, expectLaw: ExpectLaw): void {
    const madeUp = missingFrom(stream.records.map(nameOf), this.history);
    expectLaw('made up', madeUp.length === 0, () => madeUp.join(', '));
    const slots = this.slotsOf(stream);
    const taken = windowsWithRecords(stream);
    for (const { window, records } of taken) {
      const at = new Date(window.from).toISOString();
      expectLaw('snapshot', slots.some(isIn(window)), () => `one at ${at} without a slot`);
      const lost = missingFrom(this.allOf(window), records.map(placeOf));
      expectLaw('lost', lost.length === 0, () => `${at}: ${lost.join(', ')}`);
    }
    // Of those that were missed only the last one is made up for.
    const newest = slots.at(-1) ?? stream.since;
    const isTaken = taken.some(({ window }) => isIn(window)(newest));
    const isDue = newest < stream.watermark && this.allOf({ from: newest, to: newest }).length > 0;
    expectLaw('snapshot', isTaken || !isDue, () => `none at ${new Date(newest).toISOString()}`);
  }

  /** What must be in a snapshot of the window: what was there before it, and is there still. */
  private allOf({ from }: Window): readonly string[] {
    return (
      [...this.things.values()]
        .filter(({ since }) => since < from)
        .flatMap(({ id, group, version }) =>
          this.isJoined ? detailsOf(group).map((detail) => ({ id, detail, version })) : [{ id, version }],
        )
        // It may have been read in an earlier version, of which the filters think in another way.
        .filter((record) => !this.isDropped(record) && !this.isDropped({ ...record, version: 1 }))
        .map(placeOf)
    );
  }

  /** Where the stream begins, and the grid of its slots since then, until now. */
  private slotsOf({ id, since, now }: ReadStream): readonly number[] {
    const slots = [since];
    for (let at = nextSlot(id, this.everyMs, since - 1); at <= now; at += this.everyMs) slots.push(at);
    return slots;
  }

  private show(id: string, since: number): void {
    const version = (this.things.get(id)?.version ?? 0) + 1;
    const group = `g${Number(id) % 4}`;
    const thing = { id, updatedAt: '2020-01-01T00:00:00Z', version, since, group };
    this.things.set(id, thing);
    const names = this.isJoined ? detailsOf(group).map((detail) => ({ ...thing, detail })) : [thing];
    for (const name of names) this.history.add(nameOf({ ...name }));
  }
}

/** The snapshots that are in the lake. */
function windowsWithRecords({ entries }: ReadStream) {
  return [...Map.groupBy(entries, ({ header }) => header.window.from).values()].flatMap((ofWindow) => {
    const window = ofWindow[0]?.header.window;
    const records = ofWindow.flatMap(({ lines }) => lines.map((line): JsonObject => JSON.parse(line)));
    return window === undefined || records.length === 0 ? [] : [{ window, records }];
  });
}

function isIn({ from, to }: Window): (time: number) => boolean {
  return (time) => time >= from && time < to;
}

function detailsOf(group: string): readonly string[] {
  return details.slice(0, Number(group.slice(1)));
}

function placeOf({ id, detail }: JsonObject): string {
  return `${textOf(id)} ${textOf(detail)}`;
}

function nameOf(thing: JsonObject): string {
  return `${placeOf(thing)} v${textOf(thing['version'])}`;
}
