import { describe, expect, it } from 'vitest';
import { type PolicyInput, readPolicy } from '../../../../shared/actions/policy/read-policy.ts';
import { defaultSettings } from '../../../../shared/actions/policy/response-policy.ts';

const rules = {
  actionIds: ['contain', 'release'],
  callbackHosts: { suffixes: ['.soar.example.com'], loopback: false },
};
const problems = (input: PolicyInput, change = {}) => {
  const read = readPolicy(input, { ...rules, ...change });
  return 'problems' in read ? read.problems : [];
};

describe('a response policy', () => {
  it('has its defaults for what is left out', () => {
    expect(readPolicy({}, rules)).toStrictEqual({ settings: defaultSettings });
  });

  it('is what was said', () => {
    const input = {
      safelist: [{ name: 'a', agentIds: ['1'] }],
      approvals: [{ name: 'b', actions: ['contain', 'release'] }],
      ...{ isolationsPerHour: 0, mostTargets: 1, followOfflineDays: 30, approvalMinutes: 5 },
      webhook: { url: 'https://a.soar.example.com/in?token=1' },
    };
    expect(readPolicy(input, rules)).toStrictEqual({ settings: input });
  });

  it('names every action that there is not', () => {
    const approvals = [
      { name: 'a', actions: ['contain', 'isolate'] },
      { name: 'b' },
      { name: 'c', actions: ['__proto__'] },
    ];
    expect(problems({ approvals })).toEqual(
      ['approvals[0].actions[1]', 'approvals[2].actions[0]'].map((field) => ({
        field,
        message: 'is no action.',
        recommendation: 'Choose from contain, release.',
      })),
    );
  });

  it.each([
    'http://a.soar.example.com/in',
    'https://soar.example.com/in',
    'https://a.soar.example.com.evil.test/in',
    'https://evil.test/.soar.example.com',
    'https://user:secret@a.soar.example.com/in',
    'https://a.soar.example.com:8443/in',
    'https://a.soar.example.com/in#part',
    'https://a.soar.example.com\\@evil.test/',
    'https://10.0.0.1/in',
    'https://127.0.0.1/in',
    'javascript:alert(1)',
    'a.soar.example.com',
  ])('has no webhook %s', (url) => {
    const found = problems({ webhook: { url } });
    expect(found).toMatchObject([
      {
        field: 'webhook.url',
        recommendation: 'Give the https:// address of a host below .soar.example.com.',
      },
    ]);
    expect(found[0]?.message).not.toContain('secret');
  });

  it('has no webhook where the stack sends none, and says who can change that', () => {
    const callbackHosts = { suffixes: [], loopback: false };
    expect(problems({ webhook: { url: 'https://a.soar.example.com/in' } }, { callbackHosts })).toMatchObject([
      {
        field: 'webhook.url',
        message: 'cannot be used: this stack sends no webhooks.',
        recommendation: expect.stringContaining('callbackHostSuffixes in infra/config.ts'),
      },
    ]);
    const embedded = { callbackHosts: { suffixes: [], loopback: true } };
    expect(problems({ webhook: { url: 'http://127.0.0.1:8080/in' } }, embedded)).toEqual([]);
    expect(problems({ webhook: { url: 'https://example.com/in' } }, embedded)).toMatchObject([
      { recommendation: 'Give an address of this machine.' },
    ]);
  });
});
