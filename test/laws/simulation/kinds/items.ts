import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { itemContentType } from '../../../support/item-content-type.ts';
import {
  type ExpectLaw,
  isBehind,
  laterThan,
  missingFrom,
  type ReadStream,
  SimConsole,
  type SimConsoleOptions,
  textOf,
} from '../sim-console.ts';
import { answerList } from '../sim-list.ts';

/** One revision of a record. */
interface Revision {
  readonly id: string;
  readonly updatedAt: string;
  /** Counts the record's revisions. */
  readonly version: number;
}

/** A list with a time filter: every revision that a walk meets is in the lake. */
export class ItemsConsole extends SimConsole {
  readonly contentTypes: readonly ContentType[];
  protected readonly items = new Map<string, Revision>();
  /** Every revision that was ever shown. */
  private readonly history = new Set<string>();

  constructor(options: SimConsoleOptions) {
    super(options);
    this.contentTypes = [this.contentType(itemContentType(options.pageSize))];
  }

  protected contentType(items: ContentType): ContentType {
    return { ...items, id: 'items' };
  }

  fill(count: number, from: number, to: number): void {
    for (const at of this.spread(count, from, to)) this.show(`r${this.next()}`, at);
  }

  /** Lets records change and appear. */
  liveOn(): void {
    const { faults, random } = this.options;
    if (faults.strikes('change') && this.items.size > 0)
      this.show(random.pick([...this.items.keys()]), this.stamp());
    if (faults.strikes('add')) {
      const count = random.pick([1, 1, 3, 12]);
      const at = this.stamp();
      for (let i = 0; i < count; i++) this.show(`n${this.next()}`, at);
    }
  }

  protected answer(_: string, params: ListParams): ListPage {
    return answerList(this.items.values(), params);
  }

  expectTruth(stream: ReadStream, expectLaw: ExpectLaw): void {
    const inLake = stream.records.map(nameOf);
    const due = [...this.items.values()].filter(({ updatedAt }) => isBehind(updatedAt, stream));
    this.expectCounted(due, stream, expectLaw);
    const lost = missingFrom(
      due.filter((item) => !this.isDropped(item)).map((item) => nameOf({ ...item })),
      inLake,
    );
    expectLaw('lost', lost.length === 0, () => lost.join(', '));
    const madeUp = missingFrom(inLake, this.history);
    expectLaw('made up', madeUp.length === 0, () => madeUp.join(', '));
  }

  private show(id: string, time: number): void {
    const before = this.items.get(id);
    const updatedAt = laterThan(before?.updatedAt, time);
    const revision = { id, updatedAt, version: (before?.version ?? 0) + 1 };
    this.items.set(id, revision);
    this.history.add(nameOf(revision));
  }
}

function nameOf({ id, updatedAt, version }: JsonObject): string {
  return `${textOf(id)} ${textOf(updatedAt)} v${textOf(version)}`;
}
