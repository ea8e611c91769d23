import { describe, expect, it } from 'vitest';
import { abortScan } from '../../../../shared/actions/catalogue/abort-scan.ts';
import { activity, agentSubject, secondsAfter, tryOut } from './trying-out.ts';

const tried = tryOut(abortScan);
const running = agentSubject({ scanStatus: 'started', scanStartedAt: secondsAfter(-60) });

describe('abort-scan', () => {
  it('asks the console to abort the scans of the agents that are named', () => {
    expect(tried.call([running]).request).toMatchObject({
      path: '/agents/actions/abort-scan',
      body: { filter: { ids: ['1001'] } },
    });
  });

  it('is for endpoints that are scanned, or of which the console does not tell', () => {
    expect(tried.unsuitable(running)).toBeUndefined();
    expect(tried.unsuitable(agentSubject({ scanStatus: null }))).toBeUndefined();
    for (const scanStatus of ['none', 'aborted', 'finished'])
      expect(tried.unsuitable(agentSubject({ scanStatus }))?.code).toBe('no_scan_running');
    expect(tried.reached(agentSubject({ scanStatus: 'aborted' }))).toBeUndefined();
  });

  it.each([
    ['started', [], 'nothing'],
    ['started', [72], 'accepted'],
    ['started', [72, 91], 'in_progress'],
    ['aborted', [72], 'done'],
    [null, [72, 91], 'done'],
  ] as const)('with %s and the activities %j it is %s', (scanStatus, types, kind) => {
    const subject = agentSubject({ scanStatus, scanAbortedAt: secondsAfter(9) });
    const activities = types.map((type, index) => activity(type, index + 1));
    expect(tried.observe({ subject, earlier: running, activities }).kind).toBe(kind);
  });

  it('is done as well when the scan was faster', () => {
    const finished = agentSubject({ scanStatus: 'finished', scanFinishedAt: secondsAfter(2) });
    expect(tried.observe({ subject: finished, earlier: running })).toEqual({
      kind: 'done',
      evidence: [{ source: 'agent', field: 'scanStatus', value: 'finished', consoleTime: secondsAfter(2) }],
    });
  });

  it('has no way back', () => {
    expect(tried.revert(running)).toBeUndefined();
  });
});
