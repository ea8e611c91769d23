import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  type RequestedTarget,
  requestedTarget,
  targetProblems,
} from '../../../../shared/actions/targets/requested-target.ts';

const messages = (value: unknown) =>
  z.safeParse(requestedTarget, value).error?.issues.map(({ path, message }) => [path.join('.'), message]);

describe('a target of a request', () => {
  it.each([
    { agentId: '1873645091827364501' },
    { uuid: '5f0c1d2e3a4b4c5d8e6f708192a3b4c5' },
    { uuid: '0b0f9d9a-1c54-4a7b-9b52-0c3a7e0a1f10' },
    { hostName: 'LAPTOP-7' },
    { hostName: "Anna's MacBook, old" },
    { threatId: '1' },
    { alertId: '999999999999999999999999' },
    { record: {} },
  ])('may be %j', (target) => {
    expect(z.parse(requestedTarget, target)).toStrictEqual(target);
  });

  it.each([
    [{}, ''],
    [{ agentId: '1', hostName: 'A' }, ''],
    [{ agentId: 1 }, 'agentId'],
    [{ agentId: '' }, 'agentId'],
    [{ agentId: '1,2' }, 'agentId'],
    [{ agentId: '1'.repeat(25) }, 'agentId'],
    [{ threatId: '*' }, 'threatId'],
    [{ alertId: '１' }, 'alertId'],
    [{ uuid: 'a,b' }, 'uuid'],
    [{ uuid: 'a'.repeat(65) }, 'uuid'],
    [{ hostName: '' }, 'hostName'],
    [{ hostName: ' LAPTOP-7' }, 'hostName'],
    [{ hostName: 'LAPTOP\u0000-7' }, 'hostName'],
    [{ hostName: 'A'.repeat(256) }, 'hostName'],
    [{ record: [] }, 'record'],
    [{ group: 'all' }, ''],
    [[], ''],
    ['1', ''],
  ])('may not be %j', (target, field) => {
    expect(messages(target)?.map(([path]) => path)).toContain(field);
  });

  it('says that it must be named in one way', () => {
    expect(messages({ agentId: '1', hostName: 'A' })).toEqual([
      ['', 'must name its target in exactly one way: agentId, uuid, hostName, threatId, alertId, record.'],
    ]);
  });
});

describe('the ways to name a target', () => {
  const targets: readonly RequestedTarget[] = [
    { agentId: '1' },
    { uuid: 'a' },
    { hostName: 'A' },
    { threatId: '2' },
    { alertId: '3' },
    { record: {} },
  ];
  it.each([
    ['agent', []],
    ['threat', ['targets[0].agentId', 'targets[1].uuid', 'targets[2].hostName', 'targets[4].alertId']],
    ['alert', ['targets[0].agentId', 'targets[1].uuid', 'targets[2].hostName', 'targets[3].threatId']],
  ] as const)('are those that an action on a kind takes: %s', (kind, fields) => {
    expect(targetProblems(targets, kind).map(({ field }) => field)).toEqual(fields);
  });

  it('are told', () => {
    expect(targetProblems([{ hostName: 'A' }], 'alert')).toEqual([
      {
        field: 'targets[0].hostName',
        message: 'does not name what this action works on, which is an alert.',
        recommendation: 'Name each target by one of: alertId, record.',
      },
    ]);
  });
});
