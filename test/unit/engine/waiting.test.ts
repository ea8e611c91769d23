import { describe, expect, it } from 'vitest';
import type { Page, PageRequest, Reading } from '../../../shared/engine/reading.ts';
import { listOnly } from '../../support/list-only.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { mortal } from '../../support/mortal.ts';
import { readingWorld } from '../../support/reading-world.ts';
import { failure } from './readings/query-console.ts';

const minuteMs = 60_000;
const start = '2026-11-24T12:00:00Z';
const more: Page = { records: [], position: {}, end: false, mayRepeat: false, advances: true };
const end: Page = { ...more, end: true };

/** The engine over a reading that answers what the test says. */
async function scripted(answer: (request: PageRequest) => Page) {
  const clock = new ManualClock(start);
  const life = mortal();
  const reading: Reading = {
    readPage: async (request) => answer(request),
    isEmpty: async () => false,
    resume: (position) => position,
    smallerPages: () => undefined,
    sortKey: () => undefined,
  };
  const world = await readingWorld({
    clock,
    api: listOnly(() => Promise.reject(new Error('Nothing is asked for here.'))),
    reading,
    since: clock.now() - 5 * minuteMs,
    identity: ({ id }) => ({ id: String(id), revision: '' }),
    dependencies: life.dependencies,
  });
  return { ...world, clock, calls: life.calls };
}

describe('a console that needs time', () => {
  it('is left alone until then, without a failure, and the place is kept', async () => {
    let pages = 0;
    const { work, stream, queue, clock } = await scripted(() =>
      pages++ === 0 ? { ...more, position: { at: 'half' }, resumeInMs: 4_200 } : end,
    );
    const begun = clock.now();
    expect(await work()).toStrictEqual({ kind: 'waiting', resumeAt: begun + 4_200 });
    expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toStrictEqual([5]);
    expect(stream()).toMatchObject({
      position: { at: 'half' },
      status: { health: 'ok', failures: 0 },
      leaseUntil: begun + 4_200 - 2_000,
      // Sooner than after a lost message else: the console does not keep its answer for long.
      nextDueAt: begun + 4_200 + 300_000,
    });
    expect(await work()).toMatchObject({ kind: 'done' });
  });

  it('is not asked for each message that is there twice, and those do not breed', async () => {
    let pages = 0;
    const { work, queue, clock, stream } = await scripted(() => {
      pages++;
      return { ...more, resumeInMs: 60_000 };
    });
    await work();
    clock.time -= 30_000;
    expect(await work()).toMatchObject({ kind: 'dropped' });
    expect(pages).toBe(1);
    expect(queue.sent).toHaveLength(1);
    // The clocks of two workers are not quite the same.
    clock.time = stream().leaseUntil;
    expect(await work()).toMatchObject({ kind: 'waiting' });
    expect(pages).toBe(2);
  });

  it('keeps the word about trouble until something is done', async () => {
    const refused = failure({ code: 'permission_missing', health: 'permission', httpStatus: 403 });
    const answers: (() => Page)[] = [
      () => {
        throw refused;
      },
      () => ({ ...more, resumeInMs: 75_000 }),
      () => {
        throw refused;
      },
      () => ({ ...more, resumeInMs: 3_000 }),
      () => ({ ...more, records: [{ id: 'a' }], resumeInMs: 3_000 }),
      () => end,
    ];
    let pages = 0;
    const { work, stream } = await scripted(() => answers[pages++]?.() ?? end);
    const words: string[] = [];
    for (const _ of answers) {
      await work();
      words.push(`${stream().status.health} ${stream().status.failures}`);
    }
    expect(words).toStrictEqual([
      'permission 1',
      'permission 1',
      'permission 2',
      'permission 2',
      'ok 0',
      'ok 0',
    ]);
  });

  it('for longer than a message can wait is left to the due time', async () => {
    const { work, stream, queue, clock } = await scripted(() => ({ ...more, resumeInMs: 900_001 }));
    const begun = clock.now();
    expect(await work()).toStrictEqual({ kind: 'waiting', resumeAt: begun + 900_001 });
    expect(queue.sent).toStrictEqual([]);
    expect(stream().nextDueAt).toBe(begun + 900_001);
  });

  it('costs one write to note the place, and none where it is noted already', async () => {
    const { work, calls } = await scripted(() => ({ ...more, position: { at: 'half' }, resumeInMs: 4_000 }));
    const writes = () => calls.splice(0).flatMap(({ name }) => (/acquire|update/.test(name) ? [name] : []));
    await work();
    expect(writes()).toStrictEqual(['state.acquire', 'state.update']);
    await work();
    // An open window is taken before anything is asked for.
    expect(writes()).toStrictEqual(['state.acquire', 'state.update']);
  });
});

describe('a page behind which something is set off', () => {
  it('is kept before the next one is asked for', async () => {
    const order: string[] = [];
    const { work, calls, records } = await scripted(({ position }) => {
      order.push(...calls.splice(0).map(({ name }) => name), `page ${position?.['n'] ?? 0}`);
      if (position === undefined)
        return { ...more, records: [{ id: 'a' }], position: { n: 1 }, keepFirst: true };
      return position['n'] === 1 ? { ...more, position: { n: 2 }, keepFirst: true } : end;
    });
    await work();
    const written = order.filter((name) => /page|append|acquire|update/.test(name));
    expect(written).toStrictEqual([
      'page 0',
      // The window, the entry, and the place behind it.
      'state.acquire',
      'lake.append',
      'state.update',
      'page 1',
      'state.update',
      'page 2',
    ]);
    expect(records().map(({ id }) => id)).toStrictEqual(['a']);
  });
});

describe('what the console has and does not give', () => {
  const cap = failure({ code: 'row_cap_reached', health: 'misconfigured', message: 'Some are missing.' });

  it.each([
    ['a slice that is done', {}],
    ['a slice that waits', { end: false, resumeInMs: 1_000 }],
  ])('is the status after %s, for an hour at least', async (_, change) => {
    let pages = 0;
    const { work, stream, logged, clock } = await scripted(() =>
      pages++ === 0 ? { ...end, incomplete: cap, ...change } : end,
    );
    await work();
    expect(logged).toContain('Some are missing.');
    const { at, since } = stream().status;
    const codes: (string | undefined)[] = [];
    while (clock.now() < at + 66 * minuteMs) {
      codes.push(stream().status.code);
      await work();
    }
    expect(codes.filter((code) => code === 'row_cap_reached').length).toBeGreaterThanOrEqual(12);
    expect(stream().status).toMatchObject({ health: 'ok', failures: 0 });
    expect(stream().status).not.toHaveProperty('code');
    expect(stream().status.since).toBeGreaterThan(since + 55 * minuteMs);
  });

  it('is the status after a slice whose time is up', async () => {
    let now = 0;
    const world = await scripted(() => {
      world.clock.advance(now++ === 0 ? 100_000 : 0);
      return { ...more, records: [{ id: 'a' }], incomplete: cap };
    });
    expect(await world.work()).toStrictEqual({ kind: 'more' });
    expect(world.stream().status).toMatchObject({
      code: 'row_cap_reached',
      health: 'misconfigured',
      failures: 0,
    });
  });

  it('makes way for a failure', async () => {
    let pages = 0;
    const { work, stream } = await scripted(() => {
      if (pages++ === 0) return { ...more, incomplete: cap, resumeInMs: 1_000 };
      throw failure({ code: 'token_refused', health: 'credentials', httpStatus: 401 });
    });
    await work();
    await work();
    expect(stream().status).toMatchObject({ code: 'token_refused', health: 'credentials', failures: 1 });
  });
});
