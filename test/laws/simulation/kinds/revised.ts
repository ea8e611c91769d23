import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import { revisedChildren } from '../../../../shared/engine/readings/revised-children.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { itemContentType } from '../../../support/item-content-type.ts';
import { refusal } from '../console-trouble.ts';
import { expectRemembered } from '../remembered.ts';
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

interface Announcement extends Listed {
  readonly parent: string;
}

interface Note extends Listed {
  readonly revision: string;
}

/** Rows that the console gives at once, whatever it is asked for. */
const mostRows = 3;

/** Children that are added, changed and deleted: what was announced is in the lake, also that something has gone. */
export class RevisedConsole extends SimConsole {
  readonly contentTypes: readonly ContentType[];
  private readonly announcements: Announcement[] = [];
  private readonly parents = new Map<string, Map<string, Note>>();
  private readonly history = new Set<string>();

  constructor(options: SimConsoleOptions) {
    super(options);
    this.contentTypes = [
      {
        ...itemContentType(options.pageSize),
        id: 'revised',
        reading: revisedChildren({
          announcements: {
            path: '/announcements',
            timeField: 'updatedAt',
            sortKey: ({ updatedAt }) => parseConsoleTime(updatedAt),
          },
          parentKey: ({ parent }) => textOf(parent),
          parents: { path: '/parents', idField: 'id' },
          path: (parent) => `/parents/${parent}/notes`,
          params: { sortBy: 'id' },
          idField: 'id',
          revisionField: 'revision',
          withParent: (note, parent) => ({ parent, ...note }),
          deleted: (id) => ({ id, isDeleted: true }),
          isDeleted: ({ isDeleted }) => isDeleted === true,
          parentKeyField: 'parent',
        }),
        identity: (note) => ({ id: nameOf(note), revision: '' }),
        eventTime: () => undefined,
      },
    ];
  }

  fill(count: number, from: number, to: number): void {
    for (const at of this.spread(count, from, to)) this.change(at);
  }

  liveOn(): void {
    const { faults, random } = this.options;
    if (faults.strikes('change')) this.change(this.stamp());
    if (faults.strikes('add')) this.change(this.stamp());
    if (faults.strikes('change') && random.chance(0.03) && this.parents.size > 0)
      this.parents.delete(random.pick([...this.parents.keys()]));
  }

  protected answer(path: string, params: ListParams): ListPage {
    const [, list, id, notes] = path.split('/');
    if (list === 'announcements') return answerList(this.announcements, params);
    if (notes === undefined)
      return answerList(
        [...this.parents.keys()].map((key) => ({ id: key, updatedAt: '2020-01-01T00:00:00Z' })),
        params,
      );
    const parent = this.parents.get(id ?? '');
    if (parent === undefined) throw refusal('not_found', 'retired', 404);
    const limit = String(Math.min(mostRows, Number(params['limit'])));
    return answerList(parent.values(), { ...params, limit });
  }

  expectTruth(stream: ReadStream, expectLaw: ExpectLaw): void {
    const inLake = stream.records.map(nameOf);
    const announced = new Set(
      this.announcements.filter(({ updatedAt }) => isBehind(updatedAt, stream)).map(({ parent }) => parent),
    );
    const due = [...announced].flatMap((parent) => {
      const notes = this.parents.get(parent);
      if (notes === undefined) return [];
      const gone = stream.records.filter(
        (record) => record['parent'] === parent && !notes.has(textOf(record['id'])),
      );
      return [
        ...[...notes.values()].map((note): JsonObject => ({ parent, ...note })),
        ...gone.map(({ id }): JsonObject => ({ parent, id: id ?? null, isDeleted: true })),
      ];
    });
    const lost = missingFrom(due.filter((note) => !this.isDropped(note)).map(nameOf), inLake);
    expectLaw('lost', lost.length === 0, () => lost.join(', '));
    const madeUp = missingFrom(inLake, this.history);
    expectLaw('made up', madeUp.length === 0, () => madeUp.join(', '));
    const named = (record: JsonObject) => {
      const [parent = '', ...name] = nameOf(record).split(' ');
      return [parent, name.join(' ')] as const;
    };
    expectRemembered(stream, named, expectLaw);
  }

  /** Something becomes of a note of some parent, and is announced. */
  private change(time: number): void {
    const { random } = this.options;
    const known = [...this.parents.keys()];
    const parent = known.length === 0 || random.chance(0.3) ? `p${this.next()}` : random.pick(known);
    const notes = this.parents.get(parent) ?? new Map<string, Note>();
    this.parents.set(parent, notes);
    const updatedAt = new Date(time).toISOString();
    const old = [...notes.keys()];
    const id = old.length === 0 || random.chance(0.4) ? `n${this.next()}` : random.pick(old);
    if (notes.has(id) && random.chance(0.3)) {
      notes.delete(id);
      this.history.add(nameOf({ parent, id, isDeleted: true }));
    } else {
      const note = { id, updatedAt, revision: `r${this.next()}` };
      notes.set(id, note);
      this.history.add(nameOf({ parent, ...note }));
    }
    this.announcements.push({ id: `a${this.next()}`, updatedAt, parent });
  }
}

function nameOf({ parent, id, revision, isDeleted }: JsonObject): string {
  return `${textOf(parent)} ${textOf(id)} ${isDeleted === true ? 'deleted' : textOf(revision)}`;
}
