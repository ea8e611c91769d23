import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvents } from '../../local/emulators/event-bridge/event-file.ts';
import { actionTypes } from '../../shared/actions/registry.ts';
import { eventually } from './actions/eventually.ts';
import { lakeRecords } from './actions/lake-records.ts';
import { actionCases } from './actions/matrix/cases.ts';
import { type MatrixWorld, matrixWorld, tenants } from './actions/matrix/matrix-world.ts';
import {
  type Cell,
  cellOf,
  impossibility,
  plain,
  play,
  prepared,
  type Seen,
  situations,
  valueFor,
} from './actions/matrix/situations.ts';
import { matrixTable } from './actions/matrix/table.ts';

/** Every action in every situation that it can get into; the others with the reason why not. */
const all = actionCases.flatMap((one) =>
  situations.map((situation) => ({ one, situation, impossible: impossibility(one, situation) })),
);
const possible = all.filter(({ impossible }) => impossible === undefined);

const keyOf = ({ one, situation }: Pick<Cell, 'one' | 'situation'>) => `${one.action}, ${situation.name}`;

let world: MatrixWorld;
const cells = new Map<string, Cell>();
/** All of them play at once; each test waits for its own. */
const playing = new Map<string, Promise<Seen>>();
const seen = new Map<string, Seen>();

beforeAll(async () => {
  world = await matrixWorld();
  const begun = possible.map(({ one, situation }) => cellOf(one, situation, world));
  for (const cell of await prepared(begun, world)) cells.set(keyOf(cell), cell);
  const inOrder = [...cells].toSorted(([, a], [, b]) => b.situation.leastSeconds - a.situation.leastSeconds);
  for (const [key, cell] of inOrder) {
    const story = play(cell, world);
    // Its own test hears of it.
    story.catch(() => undefined);
    playing.set(key, story);
  }
});
afterAll(async () => {
  await world?.close();
  // ACTION_MATRIX=1 npx vitest run test/end-to-end/actions-matrix.test.ts
  if (process.env['ACTION_MATRIX'] !== undefined) console.log(matrixTable(all, seen));
});

it('has a row for every action', () => {
  expect(actionCases.map(({ action }) => action).toSorted()).toStrictEqual(
    actionTypes.map(({ id }) => id).toSorted(),
  );
});

describe.each(actionCases)('$action', (one) => {
  const own = possible.filter((cell) => cell.one === one);
  const columns = own.map(({ situation }) => [situation.name, situation] as const);
  it.each(columns)('%s', { timeout: 240_000 }, async (_, situation) => {
    const key = keyOf({ one, situation });
    const found = await playing.get(key);
    const cell = cells.get(key);
    if (found === undefined || cell === undefined) throw new Error(`${key} was not played.`);
    const { subject, before } = cell;
    seen.set(key, found);
    const { exchanges, end, reason = '-', performs, verb, calls = [], isWanted } = situation.expected(one);

    expect(found).toMatchObject({
      exchanges,
      target: { performs: performs ?? one.action, state: end, reason },
      deeds: verb === undefined ? [] : [verb],
      calls,
    });
    if (verb === undefined && one.othersChangeIt !== true) expect(found.shows).toBe(before);
    if (!isWanted) return;
    const { shown, evidence } = { ...one, ...(reason === 'already_so' ? one.already : {}) };
    expect(found.shows).toBe(valueFor(shown, subject));
    const wanted = startingWith(plain(valueFor(evidence, subject)));
    expect(found.target.evidence).toContainEqual(expect.stringMatching(wanted));
  });
});

describe('afterwards', () => {
  it('every end was told on the event bus, with the state that the API tells', async () => {
    const file = path.join(world.served.stateDir, 'events.ndjson');
    const endsOf = (id: string) =>
      readEvents(file).filter(({ detail }) => Object(detail['action']).id === id);
    for (const { id, state, target } of seen.values()) {
      const told = await eventually(
        `the end of ${id}`,
        () => endsOf(id),
        ({ length }) => length > 0,
      );
      expect(told.at(-1)?.detail).toMatchObject({
        action: { state },
        targets: [{ performs: target.performs, state: target.state }],
      });
      // The same step may be told again; it is the same event then.
      expect(new Set(told.map(({ detail }) => JSON.stringify(detail))).size).toBe(1);
    }
  });

  it('every step of what was approved is in the lake', async () => {
    const { lakeDir } = world.served.stack;
    const records = await lakeRecords(lakeDir, tenants.asking, ['index=audit/']);
    for (const one of actionCases) {
      const { id = '' } = seen.get(`${one.action}, approved`) ?? {};
      const trail = await world.reader.trail(id);
      const own = records.filter(({ target, operation }) => target === id && operation === 'responseAction');
      expect(own.map((record) => record['step']).toSorted()).toStrictEqual(
        trail.map(({ kind }) => kind).toSorted(),
      );
      expect(trail.map(({ kind }) => kind)).toStrictEqual(
        expect.arrayContaining(['requested', 'approved', 'sending', 'answered']),
      );
    }
  });

  it('no call to the console named nobody, or more than was asked for', () => {
    const sent = world.served.console.actionRequests.filter(({ token }) => token !== 'extra');
    expect(
      sent.map(({ filter, data }) => [Object(filter).ids ?? Object(data).ids].flat().length),
    ).toStrictEqual(sent.map(() => 1));
  });

  it('nothing has failed unheard', async () => {
    expect(world.served.errors).toStrictEqual([]);
    expect(await world.served.stack.deadLetters()).toBe(0);
  });
});

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
