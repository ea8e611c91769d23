import { beforeAll, describe, expect, it } from 'vitest';
import { principalFromIam } from '../../../shared/access/iam.ts';
import { createJwtVerifier } from '../../../shared/access/jwt.ts';
import { apiWorld, goodConnector } from '../../support/api-world.ts';
import { Issuer, settings, signer, Warnings } from '../access/token-support.ts';

let issued: Awaited<ReturnType<typeof signer>>;
beforeAll(async () => {
  issued = await signer('ES256', 'e1');
});

describe('the token of an identity provider', () => {
  async function world() {
    const jwt = createJwtVerifier({ settings, fetch: new Issuer(issued.jwk).fetch, log: new Warnings() });
    const made = apiWorld({ jwt });
    const seconds = Math.floor(made.clock.now() / 1000);
    const times = { iat: seconds - 10, exp: seconds + 600 };
    const bearer = async (claims: object) => ({
      Authorization: `Bearer ${await issued.sign({ ...times, ...claims })}`,
    });
    return { ...made, bearer };
  }

  it('lets in whom it speaks of, to their own tenant and with their rights', async () => {
    const { call, bearer, audit } = await world();
    const admin = { scope: 'sentinel-lake:admin', 'custom:tenant': 'northwind' };
    const headers = await bearer(admin);
    expect((await call('GET', '/v1/whoami', { headers })).json).toMatchObject({
      kind: 'jwt',
      rights: ['admin'],
      tenants: ['northwind'],
    });
    expect((await call('POST', '/v1/connectors', { headers, body: goodConnector })).status).toBe(201);
    expect(audit.records.map(({ actor }) => actor)).toStrictEqual(['jwt:anna', 'jwt:anna']);

    const reader = await bearer({ scope: 'sentinel-lake:read', 'custom:tenant': 'northwind' });
    expect((await call('GET', '/v1/connectors', { headers: reader })).json['connectors']).toHaveLength(1);
    expect((await call('DELETE', '/v1/connectors/northwind.emea-servers', { headers: reader })).status).toBe(
      403,
    );

    const foreign = await bearer({ scope: 'sentinel-lake:admin', 'custom:tenant': 'contoso' });
    expect((await call('GET', '/v1/connectors/northwind.emea-servers', { headers: foreign })).status).toBe(
      404,
    );
    expect((await call('GET', '/v1/connectors', { headers: foreign })).json['connectors']).toStrictEqual([]);
  });

  it('is refused once it has expired, and where the installation knows no issuer', async () => {
    const { call, bearer, clock } = await world();
    const headers = await bearer({ scope: 'sentinel-lake:read', 'custom:tenant': 'northwind' });
    clock.advance(3_600_000);
    expect(await call('GET', '/v1/whoami', { headers })).toMatchObject({
      status: 401,
      json: { code: 'token_expired' },
    });
    expect(await apiWorld().call('GET', '/v1/whoami', { headers })).toMatchObject({
      status: 401,
      json: { code: 'key_malformed' },
    });
  });
});

describe('an AWS signature', () => {
  const grants = [
    { arn: 'arn:aws:iam::111122223333:role/Soc', tenants: ['northwind'], rights: ['read'] as const },
  ];
  const world = () => apiWorld({ principalOfArn: (userArn) => principalFromIam({ userArn }, grants) });
  const soc = 'arn:aws:sts::111122223333:assumed-role/Soc/anna';

  it('lets in the role that is granted something, with no more than that', async () => {
    const { call } = world();
    expect((await call('GET', '/v1/whoami', { userArn: soc })).json).toMatchObject({
      kind: 'iam',
      name: 'Soc/anna',
      tenants: ['northwind'],
    });
    expect((await call('POST', '/v1/connectors', { userArn: soc, body: goodConnector })).status).toBe(403);
  });

  it.each([
    'arn:aws:sts::111122223333:assumed-role/Other/anna',
    'arn:aws:sts::999922223333:assumed-role/Soc/anna',
  ])('of %s is refused, and no key beside it helps', async (userArn) => {
    const made = world();
    const key = await made.key();
    expect(await made.call('GET', '/v1/whoami', { userArn, key })).toMatchObject({
      status: 403,
      json: { code: 'principal_unknown' },
    });
  });
});
