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
    const seen = stream.records.map(({ id }) => textOf(id));
    const due = [...this.alerts.values()].filter(({ updatedAt }) => isBehind(updatedAt, stream));
    const lost = missingFrom(
      due.map(({ id }) => id),
      seen,
    );
    expectLaw('lost', lost.length === 0, () => lost.join(', '));
    const later = stream.others().find(({ id }) => id.contentType === changes.id)?.records ?? [];
    for (const record of stream.records) {
      const id = textOf(record['id']);
      this.expectStates(
        id,
        [record, ...later.filter((change) => change['id'] === id)].map(({ state }) => textOf(state)),
        stream,
        expectLaw,
      );
    }
  }

  /** Each state once, none after the record was closed, the last one the present one, and the memory says so. */
  private expectStates(
    id: string,
    inLake: readonly string[],
    stream: ReadStream,
    expectLaw: ExpectLaw,
  ): void {
    const text = `${id}: ${inLake.join(', ')}`;
    const repeated = inLake.some((state, i) => state === inLake[i - 1]);
    expectLaw('doubled', !repeated, () => text);
    const last = inLake.at(-1);
    const closedAt = inLake.indexOf('resolved');
    const isLeftAlone = closedAt < 0 || closedAt === inLake.length - 1;
    expectLaw('made up', isLeftAlone, () => `changed after it was closed: ${text}`);
    const now = this.alerts.get(id)?.state;
    const isClosed = last === 'resolved';
    expectLaw('lost', isClosed || now === undefined || now === last, () => `${text}, and now ${now}`);
    const remembered = rememberedUnder(stream, stream.id.contentType, id)?.['state'];
    const wanted = isClosed ? null : last;
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
