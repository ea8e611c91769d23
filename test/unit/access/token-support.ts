import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { JwtSettings } from '../../../shared/access/jwt.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { Log } from '../../../shared/ports.ts';
import { now } from './key-support.ts';

export const settings: JwtSettings = {
  issuer: 'https://id.example.com/',
  audiences: ['sentinel-lake', 'sentinel-lake-test'],
  jwksUrl: 'https://id.example.com/keys',
  tenantClaim: 'custom:tenant',
};

/** A key pair of the issuer, and tokens that it signs. */
export async function signer(alg: string, kid: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  const sign = (claims: object = {}, header: object = {}) =>
    new SignJWT({ ...goodClaims, ...claims })
      .setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header })
      .sign(privateKey);
  return { jwk, publicKey, privateKey, sign };
}

const seconds = Math.floor(now / 1000);

/** Claims that are let in; `undefined` leaves one out. */
export const goodClaims = {
  iss: settings.issuer,
  aud: 'sentinel-lake',
  sub: 'anna',
  iat: seconds - 10,
  nbf: seconds - 10,
  exp: seconds + 300,
  scope: 'openid sentinel-lake:read',
  'custom:tenant': 'acme',
};

/** An issuer that publishes keys; counts who asks for them. */
export class Issuer {
  keys: readonly unknown[];
  /** What it answers instead. */
  instead: (() => Response | Promise<Response>) | undefined;
  readonly requests: { readonly url: string; readonly redirect: string; readonly hasSignal: boolean }[] = [];

  constructor(...keys: readonly unknown[]) {
    this.keys = keys;
  }

  readonly fetch = async (
    url: string,
    { redirect, signal }: { readonly redirect: string; readonly signal: AbortSignal },
  ): Promise<Response> => {
    this.requests.push({ url, redirect, hasSignal: signal instanceof AbortSignal });
    return this.instead === undefined ? Response.json({ keys: this.keys }) : this.instead();
  };
}

/** A log that keeps its warnings. */
export class Warnings implements Log {
  readonly lines: string[] = [];
  info(): void {}
  error(): void {}
  warn(message: string, fields?: JsonObject): void {
    this.lines.push(`${message} ${JSON.stringify(fields)}`);
  }
}
