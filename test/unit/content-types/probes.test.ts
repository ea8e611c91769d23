import { describe, expect, it } from 'vitest';
import type { ProbeAnswer } from '../../../shared/content-types/content-type.ts';
import { contentType, contentTypes } from '../../../shared/content-types/registry.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { fieldAt, textAt } from '../../../shared/records/json-fields.ts';
import { parseConsoleTime } from '../../../shared/sentinelone/console-time.ts';
import { consoleWorld } from '../../support/console-world.ts';

type World = Awaited<ReturnType<typeof consoleWorld>>;
type Options = NonNullable<Parameters<typeof consoleWorld>[0]>;

/** Probes a content type at a simulated console. */
async function probe<T>(
  id: string,
  options: Options & { readonly probeOptions?: JsonObject; readonly scope?: Record<string, string> },
  look: (found: { answer: ProbeAnswer; world: World; asked: readonly string[] }) => Promise<T>,
): Promise<T> {
  const world = await consoleWorld(options);
  try {
    const { api } = await world.dependencies.openConsole(Object.create(null));
    const answer = await contentTypeOf(id).probe({
      api,
      scope: options.scope ?? {},
      options: options.probeOptions ?? {},
      signal: new AbortController().signal,
    });
    const asked = world.simulator.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
    return await look({ answer, world, asked });
  } finally {
    await world.close();
  }
}

function contentTypeOf(id: string) {
  const found = contentType(id);
  if (found === undefined) throw new Error(`There is no ${id}.`);
  return found;
}

/** The latest time at a path of all records of a list. */
async function newestOf(world: World, path: string, ...field: readonly string[]): Promise<number> {
  const { api } = await world.dependencies.openConsole(Object.create(null));
  let newest = 0;
  for (let cursor: string | undefined, end = false; !end; ) {
    const params = { limit: '200', ...(cursor === undefined ? {} : { cursor }) };
    const page = await api.list(path, params);
    for (const record of page.data)
      newest = Math.max(newest, parseConsoleTime(fieldAt(record as Json, ...field)) ?? 0);
    cursor = page.nextCursor;
    end = cursor === undefined;
  }
  return newest;
}

const small = { console: { threats: 40, agents: 20, burst: 1 } } as const;
/** Nothing is started, changed or deleted by asking. */
const harmless = /^(GET|POST \/web\/api\/v2\.1\/unifiedalerts\/graphql) /;

describe('every content type', () => {
  it.each(contentTypes)('$id is probed by at most three harmless requests', async ({ id }) => {
    await probe(id, small, async ({ answer, asked }) => {
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.length).toBeLessThanOrEqual(3);
      for (const request of asked) expect(request).toMatch(harmless);
      expect(answer.newestAt !== undefined || answer.note !== undefined).toBe(true);
    });
  });

  it.each(contentTypes.filter(({ id }) => id !== 'accounts'))(
    '$id is probed by at most three requests with the token of a site',
    async ({ id }) => {
      await probe(id, { ...small, token: 'siteScoped' }, async ({ asked }) => {
        expect(asked.length).toBeLessThanOrEqual(3);
      });
    },
  );

  it.each<[string, string, readonly string[]]>([
    ['agents', '/agents', ['updatedAt']],
    ['agents-snapshot', '/agents', ['updatedAt']],
    ['threats', '/threats', ['threatInfo', 'updatedAt']],
    ['alerts', '/cloud-detection/alerts', ['alertInfo', 'reportedAt']],
    ['activities', '/activities', ['createdAt']],
    ['rogues', '/rogues/table-view', ['lastSeen']],
    ['device-control-events', '/device-control/events', ['eventTime']],
    ['groups', '/groups', ['updatedAt']],
    ['sites', '/sites', ['updatedAt']],
    ['accounts', '/accounts', ['updatedAt']],
    ['vulnerabilities', '/application-management/risks', ['detectionDate']],
  ])('%s: the newest record is the newest of all', async (id, path, field) => {
    await probe(id, small, async ({ answer, world }) => {
      expect(answer).toEqual({ newestAt: await newestOf(world, path, ...field) });
    });
  });

  it('is probed within the sites of the connector', async () => {
    const of = (scope: Record<string, string>) =>
      probe('threats', { ...small, scope }, async ({ answer, world }) => ({ answer, world }));
    const sites = await probe('sites', small, async ({ world }) => {
      const { api } = await world.dependencies.openConsole(Object.create(null));
      return (await api.list('/sites', {})).data.map((site) => textAt(site, 'id') ?? '');
    });
    const answers = await Promise.all(sites.map((siteIds) => of({ siteIds })));
    const times = answers.map(({ answer }) => answer.newestAt ?? 0);
    expect(new Set(times).size).toBeGreaterThan(1);
    expect(Math.max(...times)).toBe((await of({})).answer.newestAt);
    expect((await of({ siteIds: '4' })).answer).toEqual({});
  });
});

describe('threat events and notes', () => {
  it('have no record where there is no threat', async () => {
    const none = { console: { threats: 0, agents: 5 } } as const;
    for (const id of ['threat-events', 'threat-notes'])
      await probe(id, none, async ({ answer }) => expect([id, answer]).toEqual([id, {}]));
  });

  it('do not mind that the newest threat was deleted meanwhile', async () => {
    const world = await consoleWorld(small);
    try {
      const { api } = await world.dependencies.openConsole(Object.create(null));
      const { data } = await api.list('/threats', { limit: '1', sortBy: 'updatedAt', sortOrder: 'desc' });
      for (const [id, child] of [
        ['threat-events', 'explore/events'],
        ['threat-notes', 'notes'],
      ] as const) {
        world.simulator.script(`/threats/${textAt(data[0], 'id')}/${child}`, [
          { status: 404, body: { code: 4_040_010, detail: null, title: 'Requested resource was not found' } },
        ]);
        const request = { api, scope: {}, options: {}, signal: new AbortController().signal };
        const answer = await contentTypeOf(id).probe(request);
        if (id === 'threat-events')
          expect(answer).toEqual({ note: 'the newest threat was deleted during the test' });
        else expect(answer.newestAt).toBeGreaterThan(0);
      }
    } finally {
      await world.close();
    }
  });

  it('are refused where the console does not have their endpoint', async () => {
    const missing = { '/threats/{threatId}/explore/events': 404 } as const;
    await expect(
      probe('threat-events', { console: { ...small.console, missing } }, async () => undefined),
    ).rejects.toMatchObject({ code: 'endpoint_missing' });
  });

  it('notes need the activities as well', async () => {
    const limits = { refused: ['Activity Page.view'] };
    await expect(
      probe(
        'threat-notes',
        { console: { ...small.console, limits }, token: 'limited' },
        async () => undefined,
      ),
    ).rejects.toMatchObject({ code: 'permission_missing' });
  });
});

describe('deep visibility', () => {
  const of = (source: string, options: Options = small) =>
    probe('deep-visibility', { ...options, probeOptions: { source } }, async ({ answer, asked }) => ({
      note: answer.note,
      asked: asked.map((request) => request.replace(/ \/\w+\/(api\/)?v2(\.1)?(\/api)?/, ' ')),
    }));

  it.each([
    ['dv', ['GET /dv/query-status 404', 'GET /dv/query-status 400']],
    ['sdl', ['GET /queries/connectivity-test 404']],
    ['auto', ['GET /dv/query-status 404', 'GET /dv/query-status 400']],
  ])('by source %s asks after a query that cannot be', async (source, asked) => {
    expect(await of(source)).toEqual({
      note: 'the newest event is not asked for, because that would start a query',
      asked,
    });
  });

  it.each(['dv', 'sdl', 'auto'])('by source %s tells who may not ask', async (source) => {
    await expect(of(source, { ...small, token: 'withoutDeepVisibility' })).rejects.toMatchObject({
      code: 'permission_missing',
    });
  });

  it('tells a console that has no such queries any more from one that does not know this one', async () => {
    const retired = { console: { ...small.console, dvSunset: Date.UTC(2026, 0, 1) } };
    await expect(of('dv', retired)).rejects.toMatchObject({ health: 'retired' });
    expect(await of('auto', retired)).toEqual({
      note: 'read by source sdl, because the better one is closed to this token; the newest event is not asked for, because that would start a query',
      asked: ['GET /dv/query-status 404', 'GET /dv/query-status 404', 'GET /queries/connectivity-test 404'],
    });
  });
});

describe('rogues', () => {
  it('name an account where the console wants one', async () => {
    await probe('rogues', { ...small, token: 'siteScoped' }, async ({ answer, asked }) => {
      expect(asked.map((request) => request.split(' ').slice(1).join(' '))).toEqual([
        '/web/api/v2.1/rogues/table-view 400',
        '/web/api/v2.1/sites 200',
        '/web/api/v2.1/rogues/table-view 200',
      ]);
      expect(answer.newestAt).toBeGreaterThan(0);
    });
  });

  it("name the first of the connector's own accounts", async () => {
    await probe('rogues', { ...small, scope: { accountIds: '12,34' } }, async ({ answer, world }) => {
      expect(world.simulator.requests.map(({ params }) => params['accountIds'])).toEqual(['12']);
      expect(answer).toEqual({});
    });
  });

  it('are refused where no account is to be found', async () => {
    const limits = { refused: ['Sites.view'], isSiteScoped: true };
    await expect(
      probe('rogues', { console: { ...small.console, limits }, token: 'limited' }, async () => undefined),
    ).rejects.toMatchObject({ code: 'scope_filter_missing' });
  });
});

describe('vulnerabilities', () => {
  const refused = (...permissions: readonly string[]) =>
    ({ console: { ...small.console, limits: { refused: permissions } }, token: 'limited' }) as const;
  const pathsOf = (asked: readonly string[]) =>
    asked.map((request) => request.replace(/^GET \/web\/api\/v2\.1/, '').replace(/\d{10,}/, '{id}'));

  it('are looked for among installed applications where risks may not be read', async () => {
    const options = refused('Applications Page.viewRisks');
    await probe('vulnerabilities', options, async ({ answer, asked, world }) => {
      expect(pathsOf(asked)).toEqual([
        '/application-management/risks 403',
        '/installed-applications 200',
        '/installed-applications/cves 200',
      ]);
      expect(answer).toEqual({
        newestAt: await newestOf(world, '/installed-applications', 'installedAt'),
        note: 'read by source installed-applications, because the better one is closed to this token',
      });
    });
  });

  it('are not looked for elsewhere where the source is named', async () => {
    const options = { ...refused('Applications Page.viewRisks'), probeOptions: { source: 'risks' } };
    await expect(probe('vulnerabilities', options, async () => undefined)).rejects.toMatchObject({
      code: 'permission_missing',
    });
  });

  it('are not said to be closed where the console wants an account, which the reading finds by itself', async () => {
    const world = await consoleWorld(small);
    try {
      const detail = 'User scope level is account. Please provide a valid account ID or site ID.';
      world.simulator.script('/application-management/risks', [
        { status: 403, body: { errors: [{ code: 4_030_010, title: 'Insufficient permissions', detail }] } },
      ]);
      const { api } = await world.dependencies.openConsole(Object.create(null));
      const request = { api, scope: {}, options: {}, signal: new AbortController().signal };
      expect(await contentTypeOf('vulnerabilities').probe(request)).toEqual({
        note: 'the console wants an account to be named here, which the collection does by itself',
      });
      expect(world.simulator.requests).toHaveLength(1);
    } finally {
      await world.close();
    }
  });

  it('are asked for one by one where the connector says so', async () => {
    const options = { ...small, probeOptions: { source: 'per-application' } };
    await probe('vulnerabilities', options, async ({ asked }) => {
      expect(pathsOf(asked)).toEqual([
        '/installed-applications 200',
        '/private/installed-applications/{id}/cves 200',
      ]);
    });
  });

  it('tell the refusal that counts where both are closed', async () => {
    const options = refused('Applications Page.viewRisks', 'Applications Page.view');
    await expect(probe('vulnerabilities', options, async () => undefined)).rejects.toThrow(
      'GET /application-management/risks',
    );
  });

  it('say that a source is none', async () => {
    const options = { ...small, probeOptions: { source: 'toString' } };
    await expect(probe('vulnerabilities', options, async () => undefined)).rejects.toMatchObject({
      code: 'option_unknown',
      recommendation: 'Set it to one of: auto, risks, installed-applications, per-application.',
    });
  });
});

describe('unified alerts', () => {
  it('are probed by the newest one that is shown', async () => {
    await probe('unified-alerts', small, async ({ answer, asked, world }) => {
      expect(asked).toEqual(['POST /web/api/v2.1/unifiedalerts/graphql 200']);
      const all = [...world.simulator.truth('unified-alerts', 0, world.clock.now() + 1)];
      expect(all.length).toBeGreaterThan(0);
      expect(answer.newestAt).toBeLessThanOrEqual(world.clock.now());
    });
  });

  it('are probed within the sites of the connector', async () => {
    await probe('unified-alerts', { ...small, scope: { siteIds: '1,2' } }, async ({ answer }) => {
      expect(answer).toEqual({});
    });
  });

  it('are refused in the words of GraphQL', async () => {
    const world = await consoleWorld(small);
    try {
      world.simulator.script('/unifiedalerts', [
        { status: 200, body: { errors: [{ message: 'Access is denied' }] } },
        { status: 200, body: { data: null } },
      ]);
      const { api } = await world.dependencies.openConsole(Object.create(null));
      const request = { api, scope: {}, options: {}, signal: new AbortController().signal };
      const { probe: ask } = contentTypeOf('unified-alerts');
      await expect(ask(request)).rejects.toMatchObject({ code: 'permission_missing' });
      await expect(ask(request)).rejects.toMatchObject({ code: 'response_malformed' });
    } finally {
      await world.close();
    }
  });
});
