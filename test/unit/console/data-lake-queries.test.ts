import { describe, expect, it } from 'vitest';
import { ask, edr, lastHour, launch, log, pq } from './data-lake-support.ts';
import { settledMs } from './event-support.ts';
import { hourMs, openConsole, stoppedClock, vendorError } from './support.ts';

describe('a long-running query', () => {
  it('advances step by step, has data at its end only, and is gone once it is deleted', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const { answer, path, tag } = await launch(console, log());
    expect(answer).toMatchObject({ stepsCompleted: 0, data: null });
    expect(JSON.parse(Buffer.from(answer.id, 'base64').toString())).toMatchObject({
      token: expect.any(String),
    });
    expect(tag).not.toBe('');
    const seen: number[] = [];
    for (const endMs = clock.nowMs + 10_000; clock.nowMs < endMs; clock.nowMs += 200) {
      const reply = await ask(console, 'GET', path, { tag });
      expect(reply.headers.get('X-Dataset-Query-Forward-Tag')).toBe(tag);
      const { stepsCompleted, stepsTotal, data } = JSON.parse(reply.text);
      expect(data !== null).toBe(stepsTotal > 0 && stepsCompleted === stepsTotal);
      if (seen.at(-1) !== stepsCompleted) seen.push(stepsCompleted);
    }
    expect(seen).toEqual(seen.map((_, step) => step));
    expect(seen.length).toBeGreaterThan(2);
    expect((await ask(console, 'DELETE', path, { tag })).status).toBe(200);
    expect((await ask(console, 'GET', path, { tag })).status).toBe(404);
    expect((await ask(console, 'DELETE', path, { tag })).status).toBe(404);
  });

  it('does not always know at once how many steps it takes', async () => {
    const console = await openConsole();
    const totals = new Set<boolean>();
    for (let query = 0; query < 20; query++) totals.add((await launch(console, log())).answer.stepsTotal > 0);
    expect(totals).toEqual(new Set([true, false]));
  });

  it('answers its span in nanoseconds, digit by digit', async () => {
    const console = await openConsole();
    const reply = await ask(console, 'POST', '/queries', { body: log() });
    expect(reply.text).toContain(
      `"resolvedTimeRange":{"start":${settledMs - hourMs}000000,"end":${settledMs}000000}`,
    );
  });

  it('dies when nobody asks for it in 30 seconds', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const { path, tag } = await launch(console, log());
    for (let poll = 0; poll < 3; poll++) {
      clock.nowMs += 30_000;
      expect((await ask(console, 'GET', path, { tag })).status).toBe(200);
    }
    clock.nowMs += 30_001;
    const reply = await ask(console, 'GET', path, { tag });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      404,
      { status: 'error/client/badParam', message: expect.any(String) },
    ]);
  });

  it('is found only with its tag, by its token', async () => {
    const console = await openConsole();
    const { path, tag } = await launch(console, log());
    const statuses = [];
    for (const method of ['GET', 'DELETE'])
      for (const key of [{}, { tag: `${tag}0` }, { tag, token: console.tokens.viewer }])
        statuses.push((await ask(console, method, path, key)).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
    expect((await ask(console, 'GET', path, { tag })).status).toBe(200);
  });

  it('now and then ends with an error on a console with server errors', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const errors: unknown[] = [];
    for (let query = 0; query < 40; query++) {
      console.setProfiles(['server-errors']);
      const reply = await ask(console, 'POST', '/queries', { body: log(edr, { limit: 1 }) }).catch(
        () => undefined,
      );
      console.setProfiles([]);
      if (reply?.status !== 200 || !reply.text.endsWith('}}')) continue;
      clock.nowMs += 10_000;
      const tag = reply.headers.get('X-Dataset-Query-Forward-Tag') ?? '';
      const { text } = await ask(
        console,
        'GET',
        `/queries/${encodeURIComponent(JSON.parse(reply.text).id)}`,
        { tag },
      );
      const { error, data } = JSON.parse(text);
      expect(data === null).toBe(error !== undefined);
      errors.push(error);
    }
    expect(errors).toContain(undefined);
    expect(errors).toContainEqual({ message: expect.any(String) });
  });
});

describe('the data lake refuses', () => {
  it.each([
    ['both kinds of scope', { ...log(), accountIds: ['1'] }, 'accountIds'],
    ['other kinds of query', { ...log(), queryType: 'PLOT' }, 'queryType'],
    ['a query without its part', { ...lastHour, queryType: 'PQ' }, 'pq'],
    ['times that are none', { ...log(), startTime: 'yesterday' }, 'startTime'],
    ['spans that end before they begin', { ...log(), endTime: settledMs - 2 * hourMs }, 'endTime'],
    ['quotes without a partner', log("dataSource.name='SentinelOne"), 'quote'],
    ['a cursor', log(edr, { cursor: 'abc' }), 'cursor'],
    ['commands that it does not know', pq(`${edr} | group count()`), 'group'],
    ['texts that are too long', pq(`${edr} ${'x'.repeat(8_192)}`), '8192'],
  ])('%s', async (_, body, named) => {
    const console = await openConsole();
    const reply = await ask(console, 'POST', '/queries', { body });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      400,
      { status: 'error/client/badParam', message: expect.stringContaining(named) },
    ]);
  });

  it('unknown fields and parameters', async () => {
    const console = await openConsole();
    for (const reply of [
      await ask(console, 'POST', '/queries', { body: { ...log(), priority: 'LOW' } }),
      await ask(console, 'POST', '/queries', { body: log(edr, { page: 2 }) }),
      await ask(console, 'GET', '/queries/abc?step=1'),
    ])
      expect([reply.status, vendorError(reply).detail]).toEqual([
        400,
        expect.stringMatching(/Unknown field$/),
      ]);
  });

  it('another scheme, a role without the permission, and the fourth request of a second', async () => {
    const console = await openConsole({ rateLimitScale: 1 });
    const wrong = await fetch(`${console.url}/sdl/v2/api/queries`, {
      method: 'POST',
      headers: { authorization: `ApiToken ${console.tokens.admin}` },
    });
    expect(wrong.status).toBe(500);
    const token = console.tokens.withoutDeepVisibility;
    expect((await ask(console, 'POST', '/queries', { body: log(), token })).status).toBe(403);
    const statuses = [];
    for (const method of ['POST', 'GET', 'DELETE', 'GET'])
      statuses.push(
        (
          await ask(console, method, method === 'POST' ? '/queries' : '/queries/abc', {
            ...(method === 'POST' ? { body: log() } : {}),
          })
        ).status,
      );
    expect(statuses).toEqual([200, 404, 404, 429]);
  });
});
