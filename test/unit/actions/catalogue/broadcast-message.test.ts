import { describe, expect, it } from 'vitest';
import { broadcastMessage } from '../../../../shared/actions/catalogue/broadcast-message.ts';
import { agentSubject, takes, tryOut } from './trying-out.ts';

const tried = tryOut(broadcastMessage, { message: '  Please save your work. ' });
const acceptanceOf = (affected: unknown) =>
  broadcastMessage.acceptance?.({ data: { affected: affected as number } }, [agentSubject()]).get('1001');

describe('broadcast-message', () => {
  it('sends the message without blanks around it', () => {
    expect(tried.call([agentSubject()]).request).toMatchObject({
      path: '/agents/actions/broadcast',
      body: { filter: { ids: ['1001'] }, data: { message: 'Please save your work.' } },
    });
  });

  it('takes what the console takes', () => {
    expect(takes(broadcastMessage, { message: 'x'.repeat(140) })).toBe(true);
    expect(takes(broadcastMessage, { message: 'x'.repeat(141) })).toBe(false);
    expect(takes(broadcastMessage, { message: ' \n ' })).toBe(false);
    expect(takes(broadcastMessage, {})).toBe(false);
  });

  it.each([
    ['windows', undefined],
    ['windows_legacy', undefined],
    ['macos', undefined],
    ['linux', 'os_not_supported'],
    [null, 'os_not_supported'],
  ])('for %s is refused with %s', (osType, code) => {
    expect(tried.unsuitable(agentSubject({ osType }))?.code).toBe(code);
  });

  it('is at its end when the console has accepted it, and never seen otherwise', () => {
    expect(acceptanceOf(1)).toEqual({
      kind: 'accepted',
      isEnd: true,
      evidence: [{ source: 'answer', field: 'data.affected', value: 1 }],
    });
    expect(acceptanceOf(0)).toEqual({ kind: 'refused' });
    expect(acceptanceOf(null)).toEqual({ kind: 'unknown', isEnd: true });
    expect(tried.observe({ subject: agentSubject() })).toEqual({ kind: 'nothing' });
  });
});
