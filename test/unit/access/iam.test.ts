import { describe, expect, it } from 'vitest';
import { type IamGrant, principalFromIam } from '../../../shared/access/iam.ts';

const account = 'arn:aws:iam::111122223333';
const session = 'arn:aws:sts::111122223333:assumed-role/SocAnalyst/anna@example.com';
const analyst: IamGrant = {
  arn: `${account}:role/SocAnalyst`,
  tenants: ['acme'],
  rights: ['read', 'respond'],
};

describe('a call with an AWS signature', () => {
  it('by an assumed role goes by the role, and is named by its session', () => {
    expect(principalFromIam({ userArn: session }, [analyst])).toStrictEqual({
      kind: 'iam',
      id: `${account}:role/SocAnalyst`,
      name: 'SocAnalyst/anna@example.com',
      rights: ['read', 'respond'],
      tenants: ['acme'],
    });
  });

  it('by a user goes by its ARN', () => {
    const arn = `${account}:user/ops/anna`;
    expect(principalFromIam({ userArn: arn }, [{ arn, tenants: 'all', rights: ['admin'] }])).toStrictEqual({
      kind: 'iam',
      id: arn,
      name: 'user/ops/anna',
      rights: ['admin'],
      tenants: 'all',
    });
  });

  it.each([
    ['another role', 'arn:aws:sts::111122223333:assumed-role/SocAnalyst2/anna'],
    ['a role whose name begins it', 'arn:aws:sts::111122223333:assumed-role/Soc/anna'],
    ['the role of another account', 'arn:aws:sts::444455556666:assumed-role/SocAnalyst/anna'],
    ['another partition', 'arn:aws-cn:sts::111122223333:assumed-role/SocAnalyst/anna'],
    ['a user of that name', `${account}:user/SocAnalyst`],
    ['a session without a name', 'arn:aws:sts::111122223333:assumed-role/SocAnalyst'],
    ['a session with a slash', `${session}/x`],
    ['the ARN after something', ` ${analyst.arn}`],
    ['the ARN before something', `${analyst.arn}\n`],
    ['an empty ARN', ''],
    ['no ARN', null],
    ['nothing', undefined],
  ])('by %s is nobody’s', (_, userArn) => {
    expect(principalFromIam({ userArn }, [analyst])).toBeUndefined();
  });

  it.each([
    ['arn:aws:sts::111122223333:assumed-role/Soc-Eu/x', 'Soc-Eu/x'],
    [`${account}:role/Soc-Us`, 'role/Soc-Us'],
  ])('fits a prefix after the role is known: %s', (userArn, name) => {
    const grant: IamGrant = { arnPrefix: `${account}:role/Soc-`, tenants: 'all', rights: ['read'] };
    expect(principalFromIam({ userArn }, [grant])).toMatchObject({ name, tenants: 'all' });
    for (const other of [session, `${userArn}\n`, `${userArn} `])
      expect(principalFromIam({ userArn: other }, [grant])).toBeUndefined();
  });

  it('of several grants takes the first that fits', () => {
    const everyone: IamGrant = { arnPrefix: `${account}:`, tenants: 'all', rights: ['admin'] };
    expect(principalFromIam({ userArn: session }, [analyst, everyone])?.rights).toStrictEqual([
      'read',
      'respond',
    ]);
    expect(principalFromIam({ userArn: session }, [everyone, analyst])?.rights).toStrictEqual(['admin']);
    expect(principalFromIam({ userArn: session }, [])).toBeUndefined();
  });

  it.each([
    '',
    'arn:aws:iam::',
    'arn:aws:iam::1111',
    'arn:aws:iam::111122223333',
    'arn:aws:sts::111122223333:assumed-role/',
  ])('fails for the prefix %j, which would let in strangers or nobody', (arnPrefix) => {
    const grants = [analyst, { arnPrefix, tenants: 'all', rights: ['read'] }] as const;
    expect(() => principalFromIam({ userArn: session }, grants)).toThrow('does not reach beyond the account');
  });

  it.each(['', 'SocAnalyst', `${account}:`, session])('fails for the ARN %j, which no caller has', (arn) => {
    const grants = [{ arn, tenants: 'all', rights: ['read'] }] as const;
    expect(() => principalFromIam({ userArn: session }, grants)).toThrow('is not the ARN of a user or role');
  });
});
