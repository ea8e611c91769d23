import type { Draws } from '../../../local/console/world/random.ts';
import { ConnectorError } from '../../../shared/errors.ts';
import type { ListPage, ListParams } from '../../../shared/ports.ts';
import { cursorRefused, filtersOf, MemoryConsole, throttled } from '../../support/memory/memory-console.ts';
import type { Faults } from './faults.ts';
import type { ConsoleModel } from './world.ts';

/** One revision of a record. */
export interface Revision {
  readonly id: string;
  readonly updatedAt: string;
  /** Counts the record's revisions. */
  readonly version: number;
}

/** How late the console shows a change after its time stamp, at most; below the settle time of the content type. */
const mostLatenessMs = 40_000;
/** Time stamps fall on a grid, so that many records share one. */
const gridMs = [1, 1_000, 10_000];
const retryAfters = [{ ms: undefined }, { ms: 1_000 }, { ms: 7_000 }, { ms: 60_000 }];

/** A console with records of its own that change while they are read, and that refuses, throttles and fails. */
export class SimConsole implements ConsoleModel {
  /** Every revision that was ever shown. */
  readonly history = new Set<string>();
  /** Refuses everything, because a permission is missing. */
  isForbidden = false;
  private readonly console = new MemoryConsole();
  private readonly revisions = new Map<string, Revision>();
  private readonly faults: Faults;
  private readonly random: Draws;
  private readonly now: () => number;

  /** @param now the console's own clock, epoch milliseconds */
  constructor(now: () => number, faults: Faults, random: Draws) {
    this.now = now;
    this.faults = faults;
    this.random = random;
    this.console.before = ({ params }) => this.instead(params);
  }

  get shown(): readonly Revision[] {
    return [...this.revisions.values()];
  }

  /** Records that were there before anybody looked, spread over a time span with heaps and hour bounds in it. */
  fill(count: number, from: number, to: number): void {
    let heap = from;
    for (let i = 0; i < count; i++) {
      if (this.random.chance(0.4)) heap = from + this.random.below(to - from);
      const onTheHour = Math.ceil(heap / 3_600_000) * 3_600_000;
      const at = this.random.chance(0.2)
        ? heap
        : this.random.chance(0.1)
          ? onTheHour
          : heap + this.random.below(60_000);
      this.show(`r${i}`, Math.min(at, to));
    }
  }

  /** Lets records change and appear. */
  liveOn(): void {
    if (this.faults.strikes('change') && this.revisions.size > 0) {
      this.show(this.random.pick([...this.revisions.keys()]), this.stamp());
    }
    if (this.faults.strikes('add')) {
      const count = this.random.pick([1, 1, 3, 12]);
      const at = this.stamp();
      for (let i = 0; i < count; i++) this.show(`n${this.history.size}`, at);
    }
  }

  list(params: ListParams): Promise<ListPage> {
    return this.console.list('/items', params);
  }

  private stamp(): number {
    const grid = this.random.pick(gridMs);
    return Math.floor((this.now() - this.random.below(mostLatenessMs)) / grid) * grid;
  }

  private show(id: string, time: number): void {
    const before = this.revisions.get(id);
    // A change is never older than the one before it.
    const at = before === undefined ? time : Math.max(time, Date.parse(before.updatedAt) + 1);
    const revision = { id, updatedAt: new Date(at).toISOString(), version: (before?.version ?? 0) + 1 };
    this.revisions.set(id, revision);
    this.history.add(revisionOf(revision));
    this.console.records = this.shown.map((shown) => ({ ...shown }));
  }

  /** What happens in place of the right answer. */
  private instead(params: ListParams): ListPage | undefined {
    const { faults, random } = this;
    if (this.isForbidden) throw failure('permission_missing', 'permission', 403);
    if (faults.strikes('throttle')) throw throttled(random.pick(retryAfters).ms);
    if (faults.strikes('longThrottle')) throw throttled(20 * 60_000);
    if (faults.strikes('unavailable')) throw failure('unavailable', 'unavailable', 503);
    if (faults.strikes('cutBody')) throw failure('response_cut', 'unavailable', 200);
    const cursor = params['cursor'];
    if (cursor !== undefined && faults.strikes('refuseCursor')) throw cursorRefused();
    if (Number(params['limit']) > 1 && faults.strikes('tooLarge'))
      throw failure('response_too_large', 'unavailable', 200);
    if (faults.strikes('emptyPage')) return { data: [], nextCursor: this.cursorAt(params) };
    return undefined;
  }

  /** A cursor that leads to where these parameters lead already. */
  private cursorAt(params: ListParams): string {
    const place =
      params['cursor'] === undefined
        ? { filters: filtersOf(params), key: -1, id: '' }
        : JSON.parse(Buffer.from(params['cursor'], 'base64').toString());
    return Buffer.from(JSON.stringify({ ...place, again: this.random.next() })).toString('base64');
  }
}

/** One text per revision, of a console's record or of a record in the lake. */
export function revisionOf({ id, updatedAt, version }: Revision): string {
  return `${id} ${updatedAt} v${version}`;
}

function failure(code: string, health: ConnectorError['health'], httpStatus: number): ConnectorError {
  return new ConnectorError({
    code,
    message: `The console failed: ${code}.`,
    health,
    retryable: health === 'unavailable',
    recommendation: 'None.',
    httpStatus,
  });
}
