import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import { growingChildren } from '../../../../shared/engine/readings/growing-children.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { itemContentType } from '../../../support/item-content-type.ts';
import { refusal } from '../console-trouble.ts';
import { expectRemembered } from '../remembered.ts';
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
import { answerList, answerSkipping } from '../sim-list.ts';

interface Parent {
  readonly id: string;
  readonly updatedAt: string;
  /** Ids, sorted. */
  readonly children: readonly string[];
}

/** Children of parents that change often: each is in the lake once, whatever becomes of its parent. */
export class GrowingConsole extends SimConsole {
  readonly contentTypes: readonly ContentType[];
  private readonly parents = new Map<string, Parent>();
  private readonly history = new Set<string>();
  /** Digits of an id: with many of them little is remembered in one item. */
  private readonly digits = this.options.random.pick([5, 5, 1_500]);
  /** Late children come in some worlds, and children are deleted in others: both at once can hide each other. */
  private readonly hasDeletions = this.options.random.chance(0.3);

  constructor(options: SimConsoleOptions) {
    super(options);
    this.contentTypes = [
      {
        ...itemContentType(options.pageSize),
        id: 'growing',
        reading: growingChildren({
          parents: {
            path: '/parents',
            timeField: 'updatedAt',
            sortKey: ({ updatedAt }) => parseConsoleTime(updatedAt),
          },
          parentKey: ({ id }) => textOf(id),
          path: (parent) => `/parents/${parent}/children`,
          idField: 'id',
          pageSize: options.pageSize,
          withParent: (child, parent) => ({ parent, ...child }),
          parentKeyField: 'parent',
        }),
        identity: ({ parent, id }) => ({ id: `${textOf(parent)}:${textOf(id)}`, revision: '' }),
        eventTime: () => undefined,
      },
    ];
  }

  fill(count: number, from: number, to: number): void {
    for (const at of this.spread(Math.ceil(count / 3), from, to)) this.change(`p${this.next()}`, at);
  }

  liveOn(): void {
    const { faults, random } = this.options;
    if (faults.strikes('change') && this.parents.size > 0) {
      const id = random.pick([...this.parents.keys()]);
      if (random.chance(0.03)) this.parents.delete(id);
      else this.change(id, this.stamp());
    }
    if (faults.strikes('add')) this.change(`p${this.next()}`, this.stamp());
  }

  protected answer(path: string, params: ListParams): ListPage {
    const [, , id, children] = path.split('/');
    if (children === undefined) return answerList(this.parents.values(), params);
    const parent = this.parents.get(id ?? '');
    if (parent === undefined) throw refusal('not_found', 'retired', 404);
    return answerSkipping(
      parent.children.map((child) => ({ id: child })),
      params,
    );
  }

  expectTruth(stream: ReadStream, expectLaw: ExpectLaw): void {
    const inLake = stream.records.map(nameOf);
    const due = [...this.parents.values()]
      .filter(({ updatedAt }) => isBehind(updatedAt, stream))
      .flatMap(({ id, children }) => children.map((child) => ({ parent: id, id: child })));
    this.expectCounted(due, stream, expectLaw);
    const lost = missingFrom(due.filter((child) => !this.isDropped(child)).map(nameOf), inLake);
    expectLaw('lost', lost.length === 0, () => lost.map(short).join(', '));
    const madeUp = missingFrom(inLake, this.history);
    expectLaw('made up', madeUp.length === 0, () => madeUp.map(short).join(', '));
    const named = ({ parent, id }: JsonObject) => [textOf(parent), textOf(id)] as const;
    expectRemembered(stream, named, expectLaw, (parent, id) => this.isDropped({ parent, id }));
  }

  /** A parent changes: often because it has more children, now and then with more of them than a page. */
  private change(id: string, time: number): void {
    const { random, pageSize } = this.options;
    const before = this.parents.get(id);
    const children = new Set(before?.children);
    const more = random.pick([0, 0, 1, 1, 2, pageSize, 3 * pageSize + 1]);
    for (let i = 0; i < more; i++) {
      // A late one has an id below those that were there before.
      const isLate = !this.hasDeletions && random.chance(0.1);
      const number = this.next() - (isLate ? 40.5 : 0);
      children.add(`1${String(Math.round(number * 2) + 1_000).padStart(this.digits, '0')}`);
    }
    if (this.hasDeletions && children.size > 0 && random.chance(0.2))
      children.delete(random.pick([...children]));
    this.parents.set(id, {
      id,
      updatedAt: laterThan(before?.updatedAt, time),
      children: [...children].sort(),
    });
    for (const child of children) this.history.add(nameOf({ parent: id, id: child }));
  }
}

function nameOf({ parent, id }: JsonObject): string {
  return `${textOf(parent)}:${textOf(id)}`;
}

function short(name: string): string {
  return name.replace(/0{6,}/, '…');
}
