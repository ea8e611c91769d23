import { describe, expect, it } from 'vitest';
import { withHistory } from '../../../../shared/actions/run/with-history.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import type { Json } from '../../../../shared/json.ts';
import type { ListParams } from '../../../../shared/ports.ts';
import { agentSubject, now, typeOf } from './fixtures.ts';

const entry = (id: string, activityType: number, agentId: string, secondsAgo: number): Json => ({
  ...{ id, activityType, agentId },
  createdAt: new Date(now - secondsAgo * 1_000).toISOString(),
});

function logOf(answer: () => readonly Json[]) {
  const asked: { readonly path: string; readonly params: ListParams }[] = [];
  return {
    asked,
    signal: new AbortController().signal,
    api: {
      list: async (path: string, params: ListParams) => {
        asked.push({ path, params });
        return { data: answer(), nextCursor: 'more' };
      },
      request: () => Promise.reject(new Error('Only the log is read here.')),
    },
  };
}

const failing = (httpStatus: number) =>
  logOf(() => {
    throw new ConnectorError({
      ...{ code: 'test', message: 'No.', health: 'permission', retryable: false, recommendation: 'None.' },
      httpStatus,
    });
  });

const isolated = (id: string) => agentSubject(id, { networkStatus: 'disconnected' });
const subjectsOf = (...subjects: readonly ReturnType<typeof agentSubject>[]) =>
  new Map(subjects.map((subject) => [subject.id, subject]));

describe('withHistory', () => {
  it('reads one page of the newest entries about those that seem to be so already', async () => {
    const log = logOf(() => [
      entry('93', 62, '1', 5),
      null,
      entry('92', 1001, '2', 60),
      entry('94', 61, '1', 90),
      entry('95', 61, '404', 9),
    ]);
    const read = await withHistory(
      typeOf('contain'),
      {},
      subjectsOf(isolated('1'), isolated('2'), agentSubject('3'), isolated('4')),
      log,
    );
    expect(log.asked).toStrictEqual([
      {
        path: '/activities',
        params: {
          agentIds: '1,2,4',
          activityTypes: '61,1001,2010,62,1002',
          sortBy: 'createdAt',
          sortOrder: 'desc',
          limit: '1000',
        },
      },
    ]);
    expect([...read].map(([id, { history }]) => [id, history?.map(({ type }) => type)])).toStrictEqual([
      ['1', [62, 61]],
      ['2', [1001]],
      ['3', undefined],
      ['4', []],
    ]);
  });

  it('puts what the console has in another order right', async () => {
    const log = logOf(() => [entry('94', 61, '1', 90), entry('93', 62, '1', 5)]);
    const read = await withHistory(typeOf('contain'), {}, subjectsOf(isolated('1')), log);
    expect(read.get('1')?.history?.map(({ type }) => type)).toStrictEqual([62, 61]);
  });

  it('asks for nothing where nobody seems to be so already, or the action type asks for no history', async () => {
    const log = logOf(() => []);
    await withHistory(typeOf('contain'), {}, subjectsOf(agentSubject('1')), log);
    await withHistory(typeOf('release'), {}, subjectsOf(isolated('1')), log);
    await withHistory(typeOf('initiate-scan'), {}, subjectsOf(agentSubject('1')), log);
    expect(log.asked).toStrictEqual([]);
  });

  it('leaves it at the record where the log may not be read, and tells of every other failure', async () => {
    const subjects = subjectsOf(isolated('1'));
    expect(await withHistory(typeOf('contain'), {}, subjects, failing(403))).toStrictEqual(subjects);
    await expect(withHistory(typeOf('contain'), {}, subjects, failing(503))).rejects.toMatchObject({
      httpStatus: 503,
    });
  });
});
