import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../../../shared/actions/targets/groups-of.ts';
import { readSubjects } from '../../../../shared/actions/targets/read-subjects.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import { agent, alert, smallConsole, threat } from './support.ts';

const digits = (from: number, count: number) => Array.from({ length: count }, (_, i) => String(from + i));

describe('reading subjects', () => {
  it('asks for 250 endpoints in three calls, with those that were removed', async () => {
    const console = smallConsole();
    const ids = digits(1, 250);
    console.agents = ids.map((id) => agent(id, { isDecommissioned: Number(id) % 2 === 0 }));
    const subjects = await readSubjects('agent', ids, console);
    expect([...subjects.keys()].sort()).toEqual([...ids].sort());
    expect(subjects.get('2')).toStrictEqual({
      kind: 'agent',
      id: '2',
      record: console.agents[1],
      agent: console.agents[1],
    });
    expect(console.calls.map(({ path }) => path)).toEqual(['/agents', '/agents', '/agents']);
    expect(console.calls[0]?.params).toStrictEqual({
      ids: digits(1, 100).join(','),
      isDecommissioned: 'True,False',
      isUninstalled: 'True,False',
      sortBy: 'id',
      sortOrder: 'asc',
      limit: '1000',
    });
  });

  it('reads threats and alerts with their endpoints, as far as they are there', async () => {
    const console = smallConsole();
    console.agents = [agent('1', { isUninstalled: true }), agent('2')];
    console.threats = [threat('10', '1'), threat('11', '9'), threat('12', null)];
    console.alerts = [alert('20', '2'), alert('21', null)];
    const threats = await readSubjects('threat', ['10', '11', '12', '13'], console);
    expect([...threats].map(([id, subject]) => [id, subject.kind, subject.agent?.['id']])).toEqual([
      ['10', 'threat', '1'],
      ['11', 'threat', undefined],
      ['12', 'threat', undefined],
    ]);
    const alerts = await readSubjects('alert', ['20', '21'], console);
    expect([...alerts].map(([id, subject]) => [id, subject.kind, subject.agent?.['id']])).toEqual([
      ['20', 'alert', '2'],
      ['21', 'alert', undefined],
    ]);
    expect(console.calls.map(({ path, params }) => [path, params['ids']])).toEqual([
      ['/threats', '10,11,12,13'],
      ['/agents', '1,9'],
      ['/cloud-detection/alerts', '20,21'],
      ['/agents', '2'],
    ]);
    expect(console.calls[0]?.params['isDecommissioned']).toBeUndefined();
  });

  it('follows the cursor to its end', async () => {
    const console = smallConsole();
    console.pageSize = 30;
    console.agents = digits(1, 100).map((id) => agent(id));
    expect((await readSubjects('agent', digits(1, 100), console)).size).toBe(100);
    expect(console.calls).toHaveLength(4);
  });

  it.each([[[]], [['', '*', '1 2', 'x', '-1', '9223372036854775808', '1'.repeat(24)]]])(
    'makes no call for what can be no id: %j',
    async (ids) => {
      const console = smallConsole();
      expect((await readSubjects('agent', ids, console)).size).toBe(0);
      expect(console.calls).toEqual([]);
    },
  );

  it('gives nothing that was not asked for, whatever the console answers', async () => {
    const console = smallConsole();
    const others = [agent('7'), agent('8'), { computerName: 'no id' }, null, 'text'];
    const api = { ...console.api, list: async () => ({ data: others }) };
    expect([...(await readSubjects('agent', ['8', '9'], { api })).keys()]).toEqual(['8']);
  });

  it('does not take for an answer what heeds no ids, or never ends', async () => {
    const console = smallConsole();
    const many = { data: digits(1, 2_001).map((id) => agent(id)) };
    const endless = { data: [], nextCursor: 'again' };
    for (const [page, code] of [
      [many, 'response_malformed'],
      [endless, 'repeated_cursor'],
    ] as const) {
      const api = { ...console.api, list: async () => page };
      const failure = await readSubjects('agent', ['1'], { api }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ConnectorError);
      expect(failure).toMatchObject({ code, retryable: true });
    }
  });

  it('passes the failures of the console on, and its signal', async () => {
    const { api } = smallConsole();
    const signal = AbortSignal.abort(new Error('out of time'));
    const console = {
      signal,
      api: {
        ...api,
        list: async (_: string, __: object, given?: AbortSignal) => Promise.reject(given?.reason),
      },
    };
    await expect(readSubjects('threat', ['1'], console)).rejects.toThrow('out of time');
  });
});

it('names every value once, in groups that a URL can hold', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), { maxLength: 250 }),
      (values) => {
        const groups = groupsOf(values);
        expect(groups.flat()).toEqual([...new Set(values)]);
        for (const group of groups) {
          expect(group.length).toBeLessThanOrEqual(100);
          if (group.length > 1) expect(encodeURIComponent(group.join(',')).length).toBeLessThanOrEqual(4_000);
        }
      },
    ),
  );
});
