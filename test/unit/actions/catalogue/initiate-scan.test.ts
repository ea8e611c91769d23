import { describe, expect, it } from 'vitest';
import { initiateScan } from '../../../../shared/actions/catalogue/initiate-scan.ts';
import { activity, agentSubject, secondsAfter, tryOut } from './trying-out.ts';

const tried = tryOut(initiateScan);
const earlier = agentSubject();

describe('initiate-scan', () => {
  it('asks the console for a scan of the agents that are named', () => {
    expect(tried.call([agentSubject()]).request).toMatchObject({
      path: '/agents/actions/initiate-scan',
      body: { filter: { ids: ['1001'] } },
    });
  });

  it('is not for endpoints on which a scan runs, which is nobody knows whose and not at its end', () => {
    const running = { scanStatus: 'started', scanStartedAt: secondsAfter(-60) };
    expect(tried.unsuitable(agentSubject(running))?.code).toBe('scan_running');
    // Of an endpoint that is offline it says how it was.
    expect(tried.unsuitable(agentSubject({ ...running, isActive: false }))).toBeUndefined();
    for (const scanStatus of ['none', 'aborted', 'finished', null])
      expect(tried.unsuitable(agentSubject({ scanStatus }))).toBeUndefined();
  });

  it('is never so already', () => {
    for (const scanStatus of ['started', 'finished'])
      expect(tried.reached(agentSubject({ scanStatus }))).toBeUndefined();
  });

  it('is done with a scan that ended since, not with the one before', () => {
    expect(tried.observe({ subject: earlier, earlier })).toEqual({ kind: 'nothing' });
    const finished = agentSubject({ scanStartedAt: secondsAfter(5), scanFinishedAt: secondsAfter(3_600) });
    expect(tried.observe({ subject: finished, earlier })).toEqual({
      kind: 'done',
      evidence: [
        { source: 'agent', field: 'scanStatus', value: 'finished', consoleTime: secondsAfter(3_600) },
      ],
    });
  });

  it('is under way while a scan runs', () => {
    const subject = agentSubject({ scanStatus: 'started', scanStartedAt: secondsAfter(5) });
    expect(tried.observe({ subject, earlier, activities: [activity(92, 1)] }).kind).toBe('in_progress');
  });

  it('has failed when the scan was aborted since', () => {
    const before = agentSubject({ scanStatus: 'aborted', scanAbortedAt: secondsAfter(-90) });
    expect(tried.observe({ subject: before, earlier: before }).kind).toBe('nothing');
    const subject = agentSubject({ scanStatus: 'aborted', scanAbortedAt: secondsAfter(90) });
    expect(tried.observe({ subject, earlier: before })).toMatchObject({
      kind: 'failed',
      reason: { code: 'scan_aborted' },
      evidence: [{ consoleTime: secondsAfter(90) }],
    });
  });

  it.each([
    [[71], 'accepted'],
    [[71, 90], 'in_progress'],
    [[71, 90, 92], 'done'],
    [[71, 90, 91], 'failed'],
  ] as const)('with an unchanged record and the activities %j it is %s', (types, kind) => {
    const activities = types.map((type, index) => activity(type, index + 1));
    expect(tried.observe({ subject: earlier, earlier, activities }).kind).toBe(kind);
  });

  it('has no way back: a scan that is done is over, and another one is not ours to abort', () => {
    expect(initiateScan.revertedBy).toEqual([]);
    expect(tried.revert(earlier)).toBeUndefined();
  });
});
