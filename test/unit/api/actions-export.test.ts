import { describe, expect, it } from 'vitest';
import type { Action } from '../../../shared/actions/run/action.ts';
import { actionHeading } from '../../../shared/api/action-lines.ts';
import { exportExample } from '../../../shared/api/schemas/action.ts';
import { ids, threatId } from './action-console.ts';
import { actionWorld, connector, responding } from './action-support.ts';
import { readCsv } from './read-csv.ts';

const range = 'from=2026-11-01T00:00:00Z&to=2026-11-27T00:00:00Z';
const path = `/v1/actions/export?${range}`;

/** Rows of a file as objects by the names of its columns. */
function rowsOf(file: string | undefined): readonly Readonly<Record<string, string>>[] {
  const [names = [], ...rows] = readCsv(file ?? '');
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? '(none)'])));
}

async function exportWorld() {
  const world = await actionWorld();
  await world.act({}, { query: '?wait=20' });
  const [made] = world.actions.stored.values();
  if (made === undefined) throw new Error('There is no action.');
  world.actions.stored.clear();
  return {
    ...world,
    /** So many actions more, a minute apart, the newest last. */
    async many(count: number, changes: Partial<Action> = {}): Promise<readonly string[]> {
      const made_ = Array.from({ length: count }, (_, i) => ({
        ...made,
        requestedAt: made.requestedAt + i * 1_000,
        id: `${i}`.padStart(32, 'a'),
        ...changes,
      }));
      for (const action of made_) await world.actions.create(action);
      return made_.map(({ id }) => `${connector}.${id}`);
    },
    made,
  };
}

describe('the export', () => {
  it('has one line for each target, with what was done to it and what shows it', async () => {
    const { act, as, actions } = await actionWorld();
    const first = await act(
      { targets: [{ agentId: ids.online }, { agentId: '999' }], reason: 'Bad, "very" bad', ticket: 'INC-1' },
      { query: '?wait=20' },
    );
    const undo = await as('POST', `/v1/actions/${first.json['id']}/undo?wait=20`, { body: {} });
    const { status, headers, body } = await as('GET', path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'Content-Type': 'text/csv; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    expect(headers['X-Next-Cursor']).toBeUndefined();
    expect(body?.split('\r\n')[0]).toBe(
      'requestedAt,actionId,connector,action,performs,reason,ticket,requestedBy,agentId,computerName,state,reasonCode,evidence,changedAt,undoes',
    );
    const rows = rowsOf(body);
    expect(rows).toHaveLength(3);
    const asked = rows.filter(({ actionId }) => actionId === first.json['id']);
    const [stored] = actions.stored.values();
    expect(asked).toMatchObject([
      {
        ...{ requestedAt: '2026-11-26T09:30:00.000Z', connector, action: 'contain', performs: 'contain' },
        ...{ reason: 'Bad, "very" bad', ticket: 'INC-1', agentId: ids.online, computerName: 'LAPTOP-1' },
        ...{ state: 'done', reasonCode: '', evidence: 'agent networkStatus=disconnected', undoes: '' },
        requestedBy: `respond (${stored?.requestedBy.actor})`,
      },
      { agentId: '', state: 'skipped', reasonCode: 'not_found', evidence: '' },
    ]);
    expect(rows.find(({ actionId }) => actionId === undo.json['id'])).toMatchObject({
      ...{ action: 'release', state: 'done', undoes: first.json['id'], reason: '' },
    });
  });

  it('has the columns that its documentation shows', () => {
    expect(exportExample.startsWith(actionHeading)).toBe(true);
    expect(rowsOf(exportExample)).toMatchObject([{ state: 'done', ticket: 'INC-4711', undoes: '' }]);
  });

  it('is a route of its own beside the actions by their id', async () => {
    const { as } = await actionWorld();
    expect((await as('POST', '/v1/actions/export')).json).toMatchObject({
      ...{ status: 405, detail: 'The path does not take POST; it takes GET.' },
    });
    expect((await as('POST', '/v1/actions/export/cancel')).status).toBe(404);
  });

  it('puts no formula of a caller or an endpoint into the spreadsheet of its reader', async () => {
    const { act, as, console } = await actionWorld();
    console.agents.push({ ...console.agents[0], id: '1005', computerName: '=cmd|"/c calc"!A1' });
    await act({ reason: '@SUM(1)', ticket: '+1', targets: [{ agentId: '1005' }] });
    const [row = {}] = rowsOf((await as('GET', path)).body);
    expect(row).toMatchObject({
      reason: "'@SUM(1)",
      ticket: "'+1",
      computerName: `'=cmd|"/c calc"!A1`,
    });
    for (const text of Object.values(row)) expect(text).not.toMatch(/^\s*[=+\-@]/);
  });

  it('has what was requested in the time, of the connector that is asked for', async () => {
    const { act, as, call, admin, clock } = await actionWorld();
    await call('POST', '/v1/connectors', { key: admin, body: { ...responding, name: 'Second' } });
    const made = [await act({ ticket: 'a' })];
    clock.advance(60_000);
    made.push(
      await act({ ticket: 'b', connector: 'northwind.second', action: 'kill', targets: [{ threatId }] }),
    );
    const tickets = async (query: string) => {
      const { status, body } = await as('GET', `/v1/actions/export?${query}`);
      expect(status).toBe(200);
      return rowsOf(body).map(({ ticket }) => ticket);
    };
    expect(await tickets(range)).toEqual(['b', 'a']);
    expect(await tickets(`${range}&connector=northwind.second`)).toEqual(['b']);
    expect(await tickets(`${range}&tenant=northwind&connector=${connector}`)).toEqual(['a']);
    expect(await tickets('from=2026-11-26T09:30:00Z&to=2026-11-26T09:31:00Z')).toEqual(['a']);
    expect(await tickets('from=2026-11-26T09:31:00Z&to=2026-11-26T09:32:00Z')).toEqual(['b']);
    expect(await tickets('from=2025-01-01T00:00:00Z&to=2025-01-02T00:00:00Z')).toEqual([]);
  });

  it.each([
    ['from', 'to=2026-11-27T00:00:00Z'],
    ['to', 'from=2026-11-27T00:00:00Z'],
    ['from', 'from=2026-11-01T00:00:00Z&to=2026-12-02T00:00:01Z'],
    ['from', 'from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z'],
    ['from', 'from=x&to=2026-11-01T00:00:00Z'],
    ['cursor', `${range}&cursor=x`],
    ['limit', `${range}&limit=5`],
  ])('refuses %s of %s', async (field, query) => {
    const { as } = await actionWorld();
    expect((await as('GET', `/v1/actions/export?${query}`)).json).toMatchObject({ status: 422, field });
  });

  it('wants the tenant of callers of several, as the list does', async () => {
    const { as, admin } = await actionWorld();
    expect((await as('GET', path, { key: admin })).json).toMatchObject({ status: 422, field: 'tenant' });
    expect((await as('GET', `${path}&tenant=northwind`, { key: admin })).status).toBe(200);
  });
});

describe('a long export', () => {
  /** All rows, and how many there were in each file. */
  async function readAll({ as }: Pick<Awaited<ReturnType<typeof exportWorld>>, 'as'>, query = '') {
    const found: string[] = [];
    const files: number[] = [];
    for (let cursor = ''; files.length < 50; ) {
      const { status, body, headers } = await as('GET', `${path}${query}${cursor}`);
      expect(status).toBe(200);
      expect(JSON.stringify(body).length).toBeLessThan(6 * 1024 * 1024);
      const rows = rowsOf(body);
      found.push(...rows.map(({ actionId = '' }) => actionId));
      files.push(rows.length);
      const next = headers['X-Next-Cursor'];
      if (next === undefined) return { found, files };
      expect(next).toMatch(/^[\w-]+$/);
      cursor = `&cursor=${next}`;
    }
    throw new Error('The export has no end.');
  }

  it('ends after 1,000 actions, says how to go on, and leaves nothing out', async () => {
    const world = await exportWorld();
    const made = await world.many(1_234);
    const { found, files } = await readAll(world);
    expect(found).toEqual(made.toReversed());
    expect(files).toEqual([1_000, 234]);
  });

  it('may have a file without lines, of another connector, and go on', async () => {
    const world = await exportWorld();
    await world.many(1_050);
    const { found, files } = await readAll(world, '&connector=northwind.second');
    expect([found, files]).toEqual([[], [0, 0]]);
  });

  it('goes on behind actions that have gone from the table before their place in the list', async () => {
    const world = await exportWorld();
    const made = await world.many(120);
    const page = world.actions.page.bind(world.actions);
    let pages = 0;
    world.actions.page = async (query) => {
      const found = await page(query);
      return ++pages === 2 ? { ...found, actions: [] } : found;
    };
    const { found } = await readAll(world);
    const newestFirst = made.toReversed();
    expect(found).toEqual([...newestFirst.slice(0, 50), ...newestFirst.slice(100)]);
  });

  it('ends before it is more than an answer can hold', async () => {
    const world = await exportWorld();
    const [target] = world.made.targets;
    if (target === undefined) throw new Error('There is no target.');
    const targets = Array.from({ length: 100 }, () => ({ ...target, computerName: '"'.repeat(250) }));
    const made = await world.many(120, { targets });
    const { found, files } = await readAll(world);
    expect([...new Set(found)]).toEqual(made.toReversed());
    expect(found).toHaveLength(12_000);
    expect(files.filter((rows) => rows % 100 !== 0)).toEqual([]);
    expect(files.length).toBeGreaterThan(1);
  });

  it('ends before the gateway loses its patience', async () => {
    const world = await exportWorld();
    const made = await world.many(400);
    const page = world.actions.page.bind(world.actions);
    world.actions.page = async (query) => {
      world.clock.advance(4_000);
      return await page(query);
    };
    const { found, files } = await readAll(world);
    expect(found).toEqual(made.toReversed());
    expect(files.every((rows) => rows <= 250)).toBe(true);
  });
});
