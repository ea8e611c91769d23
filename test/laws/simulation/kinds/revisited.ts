import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import { rememberOpen, revisited } from '../../../../shared/engine/readings/revisited.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { itemContentType } from '../../../support/item-content-type.ts';
import { rememberedUnder } from '../remembered.ts';
import {
  type ExpectLaw,
  isBehind,
  missingFrom,
  type ReadStream,
  SimConsole,
  type SimConsoleOptions,
  textOf,
} from '../sim-console.ts';
import { answerList, type Listed } from '../sim-list.ts';

interface Alert extends Listed {
  readonly state: string;
}

const minuteMs = 60_000;
const states = ['new', 'in progress', 'suspicious', 'resolved'];

/** Alerts whose states change without a time that says so: one stream reads them, another one asks again for the open ones. */
export class RevisitedConsole extends SimConsole {
  readonly contentTypes: readonly ContentType[];
  private readonly alerts = new Map<string, Alert>();
  private readonly history = new Set<string>();

  constructor(options: SimConsoleOptions) {
    super(options);
    const items = itemContentType(options.pageSize);
    const open = {
      contentType: 'alerts',
      idOf: ({ id }: JsonObject) => textOf(id),
      openStateOf: ({ state }: JsonObject) => (state === 'resolved' ? undefined : textOf(state)),
      timeOf: ({ updatedAt }: JsonObject) => parseConsoleTime(updatedAt),
      mostAgeMs: 90 * 1_440 * minuteMs,
    };
    this.contentTypes = [
      {
        ...items,
        id: open.contentType,
        reading: { ...items.reading, remember: rememberOpen(open) },
      },
      {
        ...items,
        id: 'alert-changes',
        settleMs: 0,
        reading: revisited({ ...open, path: '/alerts', everyMs: options.random.pick([2, 4]) * minuteMs }),
        identity: ({ id, state }, { from }) => ({ id: textOf(id), revision: `${textOf(state)} ${from}` }),
      },
    ];
  }

  fill(count: number, from: number, to: number): void {
    for (const at of this.spread(count, from, to)) this.raise(at);
  }

  liveOn(): void {
    const { faults, random } = this.options;
    if (faults.strikes('add')) this.raise(this.stamp());
    if (!faults.strikes('change') || this.alerts.size === 0) return;
    const alert = random.pick([...this.alerts.values()]);
    if (random.chance(0.02)) this.alerts.delete(alert.id);
    else this.show({ ...alert, state: random.pick(states) });
  }

  protected answer(_: string, params: ListParams): ListPage {
    return answerList(this.alerts.values(), params);
  }

  expectTruth(stream: ReadStream, expectLaw: ExpectLaw): void {
    const madeUp = missingFrom(stream.records.map(nameOf), this.history);
    expectLaw('made up', madeUp.length === 0, () => madeUp.join(', '));
    const [first, changes] = this.contentTypes;
    if (first === undefined || changes === undefined || stream.id.contentType !== first.id) return;
    const due = [...this.alerts.values()].filter(({ updatedAt }) => isBehind(updatedAt, stream));
    const later = stream.others().find(({ id }) => id.contentType === changes.id)?.records ?? [];
    const inLake = Map.groupBy([...stream.records, ...later], ({ id }) => textOf(id));
    for (const id of new Set([...due.map((alert) => alert.id), ...inLake.keys()])) {
      const inTheirOrder = (inLake.get(id) ?? []).map(({ state }) => textOf(state));
      this.expectStates(id, inTheirOrder, stream, expectLaw);
    }
  }

  /**
   * Each state once, none after the record was closed, the last one the present one, and the memory says so. Where states are
   * dropped the lake has gaps: one state may follow itself, and two streams may have seen one change.
   */
  private expectStates(
    id: string,
    inLake: readonly string[],
    stream: ReadStream,
    expectLaw: ExpectLaw,
  ): void {
    const text = `${id}: ${inLake.join(', ')}`;
    const dropped = states.filter((state) => this.isDropped({ id, state }));
    const repeated = inLake.some((state, i) => state === inLake[i - 1]);
    expectLaw('doubled', !repeated || dropped.length > 0, () => text);
    const last = inLake.at(-1);
    const closedAt = inLake.indexOf('resolved');
    const after = closedAt < 0 ? [] : inLake.slice(closedAt + 1);
    const isLeftAlone = after.every((state) => state === 'resolved' && dropped.length > 0);
    expectLaw('made up', isLeftAlone, () => `changed after it was closed: ${text}`);
    // Of what is dropped as a whole nobody can see from the lake whether it was closed.
    if (dropped.length === states.length) return;
    const now = this.alerts.get(id)?.state;
    const isClosed = last === 'resolved';
    const isWanted = now !== undefined && !dropped.includes(now);
    expectLaw('lost', isClosed || !isWanted || now === last, () => `${text}, and now ${now}`);
    const remembered = rememberedUnder(stream, stream.id.contentType, id)?.['state'];
    // Of one that is gone, and whose last states may have been dropped, nobody knows what was seen last.
    if (!isClosed && now === undefined && dropped.length > 0) return;
    const wanted = isClosed ? null : (now ?? last);
    const isForgotten = isClosed && inLake.length === 1 && remembered === undefined;
    expectLaw(
      'memory',
      isForgotten || remembered === wanted,
      () => `${text}, and remembered is ${remembered}`,
    );
  }

  private raise(time: number): void {
    const { random } = this.options;
    this.show({ id: `x${this.next()}`, updatedAt: new Date(time).toISOString(), state: random.pick(states) });
  }

  private show(alert: Alert): void {
    this.alerts.set(alert.id, alert);
    this.history.add(nameOf({ ...alert }));
  }
}

function nameOf({ id, state }: JsonObject): string {
  return `${textOf(id)} ${textOf(state)}`;
}
