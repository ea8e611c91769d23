import { describe, expect, it } from 'vitest';
import type { ProbeRequest } from '../../../shared/content-types/content-type.ts';
import { firstOpen } from '../../../shared/content-types/parts/first-open.ts';
import { newestOf } from '../../../shared/content-types/parts/newest.ts';
import { ofFirstAccount } from '../../../shared/content-types/parts/newest-of-scope.ts';
import { timeAt } from '../../../shared/content-types/parts/times.ts';
import { unknownQuery } from '../../../shared/content-types/parts/unknown-query.ts';
import { ConnectorError, type ConnectorErrorDetails } from '../../../shared/errors.ts';
import type { ListPage, ListParams, SentinelOneApi } from '../../../shared/ports.ts';
import { listOnly } from '../../support/list-only.ts';

function refusal(details: Partial<ConnectorErrorDetails>): ConnectorError {
  return new ConnectorError({
    code: 'permission_missing',
    message: 'refused',
    health: 'permission',
    retryable: false,
    recommendation: 'Ask somebody.',
    ...details,
  });
}

function requestTo(api: SentinelOneApi, change: Partial<ProbeRequest> = {}): ProbeRequest {
  return { api, scope: {}, options: {}, signal: new AbortController().signal, ...change };
}

const items = newestOf({
  path: '/items',
  sortBy: 'seenAt',
  timeOf: timeAt('seenAt'),
  params: { isOld: 'true' },
});

describe('the newest record of a list', () => {
  it('is asked for in one request, with the scope and the signal', async () => {
    const asked: unknown[] = [];
    const api = listOnly(async (...call) => {
      asked.push(call);
      return { data: [{ seenAt: '2026-11-24T12:00:00.5Z' }] };
    });
    const request = requestTo(api, { scope: { siteIds: '5,6' } });
    expect(await items(request)).toEqual({ newestAt: Date.UTC(2026, 10, 24, 12, 0, 0, 500) });
    expect(asked).toEqual([
      [
        '/items',
        {
          isOld: 'true',
          siteIds: '5,6',
          skipCount: 'true',
          limit: '1',
          sortBy: 'seenAt',
          sortOrder: 'desc',
        },
        request.signal,
      ],
    ]);
  });

  it.each<[string, ListPage, boolean]>([
    ['nothing where the list is empty', { data: [] }, true],
    ['that there is one without a time', { data: [{ seenAt: null }] }, false],
    [
      'that there is one where the first page has none, and others follow',
      { data: [], nextCursor: 'x' },
      false,
    ],
    ['nothing where the only element is null', { data: [null] }, true],
  ])('says %s', async (_, page, isNone) => {
    const answer = await items(requestTo(listOnly(async () => page)));
    expect(answer).toEqual(isNone ? {} : { note: 'there are records, the newest one shows no time' });
  });
});

describe('a list that takes one scope', () => {
  /** A console that wants an account, and has these sites. */
  const wanting = (sites: () => Promise<ListPage>) => {
    const calls: (readonly [string, ListParams])[] = [];
    const api = listOnly(async (path, params) => {
      calls.push([path, params]);
      if (path === '/sites') return await sites();
      if (params['accountIds'] === undefined && params['siteIds'] === undefined)
        throw refusal({ code: 'scope_filter_missing', health: 'misconfigured', httpStatus: 400 });
      return { data: [] };
    });
    return { api, calls };
  };
  const rogues = ofFirstAccount(items);

  it('is asked for one of the accounts of the token', async () => {
    const { api, calls } = wanting(async () => ({ data: [{ id: '1', accountId: '77' }] }));
    expect(await rogues(requestTo(api))).toEqual({});
    expect(calls.map(([path, { accountIds }]) => [path, accountIds])).toEqual([
      ['/items', undefined],
      ['/sites', undefined],
      ['/items', '77'],
    ]);
  });

  it.each<[string, () => Promise<ListPage>]>([
    ['has no site', async () => ({ data: [] })],
    ['may not list sites', () => Promise.reject(refusal({ httpStatus: 403 }))],
  ])('says that an account is wanted where the token %s', async (_, sites) => {
    await expect(rogues(requestTo(wanting(sites).api))).rejects.toMatchObject({
      code: 'scope_filter_missing',
    });
  });

  it('passes on what else went wrong on the way', async () => {
    const { api } = wanting(() => Promise.reject(refusal({ code: 'console_unavailable', httpStatus: 503 })));
    await expect(rogues(requestTo(api))).rejects.toMatchObject({ code: 'console_unavailable' });
  });

  it("is asked for the first of the connector's own, the sites before the accounts", async () => {
    const { api, calls } = wanting(async () => ({ data: [] }));
    await rogues(requestTo(api, { scope: { siteIds: '5,6', accountIds: '1,2' } }));
    await rogues(requestTo(api, { scope: { accountIds: '1,2' } }));
    expect(calls.map(([, { siteIds, accountIds }]) => [siteIds, accountIds])).toEqual([
      ['5', undefined],
      [undefined, '1'],
    ]);
  });
});

describe('several ways', () => {
  const closed = (message: string) => () => Promise.reject(refusal({ message }));
  const api = listOnly(() => Promise.reject(new Error('Nothing is listed here.')));

  it('are tried in their order, and the note says which one was open', async () => {
    const probe = firstOpen({
      ways: { best: closed('first'), second: async () => ({ newestAt: 5, note: 'more' }) },
      auto: ['best', 'second'],
    });
    expect(await probe(requestTo(api))).toEqual({
      newestAt: 5,
      note: 'read by source second, because the better one is closed to this token; more',
    });
    expect(await probe(requestTo(api, { options: { source: 'second' } }))).toEqual({
      newestAt: 5,
      note: 'more',
    });
  });

  it('tell the first refusal where all are closed', async () => {
    const probe = firstOpen({ ways: { a: closed('first'), b: closed('second') }, auto: ['a', 'b'] });
    await expect(probe(requestTo(api))).rejects.toThrow('first');
  });

  it('do not hide trouble of the console behind another way', async () => {
    const trouble = () => Promise.reject(refusal({ health: 'unavailable', message: 'trouble' }));
    const probe = firstOpen({ ways: { a: trouble, b: async () => ({}) }, auto: ['a', 'b'] });
    await expect(probe(requestTo(api))).rejects.toThrow('trouble');
  });
});

describe('a query that cannot be', () => {
  const request = { method: 'GET', path: '/query', params: { id: 'none' } } as const;
  const unnamed = { method: 'GET', path: '/query' } as const;
  const answering = (...answers: readonly (ConnectorError | undefined)[]): SentinelOneApi => {
    const left = [...answers];
    return {
      list: () => Promise.reject(new Error('Nothing is listed here.')),
      request: async () => {
        const next = left.shift();
        if (next !== undefined) throw next;
        return { json: {} };
      },
    };
  };
  const gone = refusal({ code: 'not_found', health: 'retired', httpStatus: 404 });
  const wrong = refusal({ code: 'request_refused', health: 'misconfigured', httpStatus: 400 });

  it.each([
    ['is not known', [gone]],
    ['has a wrong id', [wrong]],
    ['is answered all the same', [undefined]],
  ])('that %s was allowed to be asked for', async (_, answers) => {
    const answer = await unknownQuery({ request })(requestTo(answering(...answers)));
    expect(answer).toEqual({
      note: 'the newest event is not asked for, because that would start a query',
    });
  });

  it.each(['permission_missing', 'endpoint_missing', 'throttled', 'unknown_parameter'])(
    'passes on %s',
    async (code) => {
      const api = answering(refusal({ code, httpStatus: 400 }));
      await expect(unknownQuery({ request })(requestTo(api))).rejects.toMatchObject({ code });
    },
  );

  it('is asked for without its name where only that tells whether the endpoint is there', async () => {
    const probe = unknownQuery({ request, unnamed });
    await expect(probe(requestTo(answering(gone, gone)))).rejects.toBe(gone);
    expect(await probe(requestTo(answering(gone, wrong)))).toHaveProperty('note');
    expect(await probe(requestTo(answering(wrong)))).toHaveProperty('note');
  });
});
