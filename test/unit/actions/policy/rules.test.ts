import { describe, expect, it } from 'vitest';
import { dangerClasses } from '../../../../shared/actions/action-type.ts';
import { approvalReason, approvalRule } from '../../../../shared/actions/policy/approval.ts';
import type { ApprovalRule } from '../../../../shared/actions/policy/response-policy.ts';
import { safelistRefusal } from '../../../../shared/actions/policy/safelist.ts';

const server = { id: '1', machineType: 'server', computerName: 'DC01' };
const laptop = { id: '2', machineType: 'laptop', computerName: 'LAPTOP-7' };

describe('the safelist', () => {
  const policy = {
    safelist: [
      { name: 'Domain controllers', computerNames: ['DC*'] },
      { name: 'Servers', machineTypes: ['server'] },
    ],
  };
  const refusal = (danger: (typeof dangerClasses)[number], agent = server, isRestoring = false) =>
    safelistRefusal({ danger, isRestoring }, agent, policy);

  it('forbids everything but what changes only the console, and says by which entry', () => {
    expect(dangerClasses.map((danger) => refusal(danger)?.code)).toEqual([
      undefined,
      'safelisted',
      'safelisted',
      'safelisted',
    ]);
    expect(refusal('isolating')?.message).toBe(
      'The endpoint is on the tenant\'s safelist, by its entry "Domain controllers".',
    );
    expect(dangerClasses.map((danger) => refusal(danger, laptop))).toEqual(
      dangerClasses.map(() => undefined),
    );
  });

  it('does not keep an endpoint isolated', () => {
    expect(refusal('endpoint', server, true)).toBeUndefined();
    expect(safelistRefusal({ danger: 'endpoint', isRestoring: true }, undefined, policy)).toBeUndefined();
  });

  it('forbids what cannot be compared with it, where there is one', () => {
    const codes = (safelist: typeof policy.safelist) =>
      dangerClasses.map(
        (danger) => safelistRefusal({ danger, isRestoring: false }, undefined, { safelist })?.code,
      );
    const refused = 'safelist_not_checkable';
    expect(codes(policy.safelist)).toEqual([undefined, refused, refused, refused]);
    expect(codes([])).toEqual(dangerClasses.map(() => undefined));
  });
});

describe('an approval', () => {
  const contain = { id: 'contain', danger: 'isolating' } as const;
  const note = { id: 'add-note', danger: 'console' } as const;
  const servers = { machineTypes: ['server'] };
  const wanted = (
    rule: Omit<ApprovalRule, 'name'>,
    type: typeof contain | typeof note,
    agent?: typeof server,
  ) =>
    approvalRule(type, agent, {
      approvals: [
        { name: 'never', actions: ['none'] },
        { name: 'rule', ...rule },
      ],
    })?.name === 'rule';

  it.each<[string, Omit<ApprovalRule, 'name'>, readonly boolean[]]>([
    ['an action', { actions: ['contain'] }, [true, true, true, false, false]],
    ['a danger', { dangers: ['isolating', 'disruptive'] }, [true, true, true, false, false]],
    [
      'an action or a danger',
      { actions: ['add-note'], dangers: ['isolating'] },
      [true, true, true, true, true],
    ],
    ['endpoints', { endpoints: servers }, [true, false, true, true, false]],
    [
      'an action on endpoints',
      { actions: ['contain'], endpoints: servers },
      [true, false, true, false, false],
    ],
    [
      'a danger on endpoints',
      { dangers: ['console'], endpoints: servers },
      [false, false, false, true, false],
    ],
  ])('is wanted for %s', (_, rule, expected) => {
    expect([
      wanted(rule, contain, server),
      wanted(rule, contain, laptop),
      // The console no longer shows it: it may be one of them.
      wanted(rule, contain),
      wanted(rule, note, server),
      wanted(rule, note, laptop),
    ]).toEqual(expected);
  });

  it('is wanted by nobody where there is no rule', () => {
    expect(approvalRule(contain, server, { approvals: [] })).toBeUndefined();
  });

  it('says which rule wants it', () => {
    expect(approvalReason({ name: 'Four eyes' })).toBe(
      'The tenant\'s response policy wants an approval, by its rule "Four eyes".',
    );
  });
});
