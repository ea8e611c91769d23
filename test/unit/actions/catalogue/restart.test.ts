import { describe, expect, it } from 'vitest';
import { restart } from '../../../../shared/actions/catalogue/restart.ts';
import { activity, agentSubject, sentAt, tryOut } from './trying-out.ts';

const tried = tryOut(restart);
const second = (offset: number) => new Date(sentAt + offset * 1_000).toISOString().replace('.000', '');
const started = (osStartTime: string | null) => agentSubject({ osStartTime });

describe('restart', () => {
  it('asks the console to restart the agents that are named', () => {
    expect(tried.call([agentSubject()]).request).toMatchObject({
      path: '/agents/actions/restart-machine',
      body: { filter: { ids: ['1001'] } },
    });
  });

  it('is done with another start since the command', () => {
    expect(tried.observe({ subject: started(second(90)), earlier: started(second(-9_000)) })).toEqual({
      kind: 'done',
      evidence: [{ source: 'agent', field: 'osStartTime', value: second(90) }],
    });
    expect(tried.observe({ subject: started(second(90)), earlier: started(null) }).kind).toBe('done');
  });

  it.each([
    ['the same start', second(-9_000), second(-9_000)],
    ['a start that moved by a rounding, of an endpoint that had just started', second(-59), second(-60)],
    ['a restart that the console hears of late', second(-1_000), second(-9_000)],
    ['no start', null, second(-9_000)],
  ])('is not done with %s', (_, now, before) => {
    const sight = { subject: started(now), earlier: started(before) };
    expect(tried.observe(sight)).toEqual({ kind: 'nothing' });
    expect(tried.observe({ ...sight, activities: [activity(74, 1)] }).kind).toBe('accepted');
  });

  it('is done with a start of up to a minute before, by a clock that is late, where the log has the command', () => {
    const seen = (start: number, before: string | null, types: readonly number[]) =>
      tried.observe({
        subject: started(second(start)),
        earlier: started(before),
        activities: types.map((type) => activity(type, 1)),
      }).kind;
    expect(seen(-60, second(-9_000), [74])).toBe('done');
    // Whoever works there may have restarted it right before, and the record be late.
    expect(seen(-60, second(-9_000), [])).toBe('nothing');
    expect(seen(-1, second(-9_000), [])).toBe('nothing');
    expect(seen(-61, second(-9_000), [74])).toBe('accepted');
    expect(seen(-30, null, [74])).toBe('accepted');
    expect(seen(-30, second(-34), [74])).toBe('accepted');
  });

  it('is never so already, must not be sent twice, and has no way back', () => {
    expect(tried.reached(agentSubject())).toBeUndefined();
    expect(restart.isRepeatable).toBe(false);
    expect(tried.revert(agentSubject())).toBeUndefined();
  });
});
