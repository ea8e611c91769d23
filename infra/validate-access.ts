import { type IamGrant, principalFromIam } from '../shared/access/iam.ts';
import { createJwtVerifier } from '../shared/access/jwt.ts';
import { idProblem } from '../shared/connectors/names.ts';
import type { StageConfig } from './config.ts';

/** Lambda has 4 KB for all variables of a function; the others need less than 1 KB. */
const mostBytes = 3_072;

/** What is wrong with `api.jwt` and `api.iam`, one sentence each. By the function's own checks: it would find out with the first call. */
export function accessProblems({ jwt, iam }: StageConfig['api']): readonly string[] {
  const log = { info() {}, warn() {}, error() {} };
  const size = Buffer.byteLength(JSON.stringify({ jwt, iam }));
  return [
    ...(jwt === undefined ? [] : thrownBy('api.jwt', () => createJwtVerifier({ settings: jwt, log }))),
    ...iam.flatMap((grant, index) => grantProblems(grant, `api.iam[${index}]`)),
    ...(size > mostBytes
      ? [
          `api.jwt and api.iam are ${size} bytes, and a function has room for ${mostBytes}: name roles by what their ARNs begin with (arnPrefix).`,
        ]
      : []),
  ];
}

function grantProblems(grant: IamGrant, field: string): readonly string[] {
  const { rights, tenants } = grant;
  return [
    ...thrownBy(field, () => principalFromIam({}, [grant])),
    ...(rights.length === 0 ? [`${field}: name at least one right.`] : []),
    ...(tenants.length === 0 ? [`${field}: name at least one tenant, or "all".`] : []),
    ...(tenants === 'all' ? [] : tenants)
      .map(idProblem)
      .filter((problem) => problem !== undefined)
      .map((problem) => `${field}: the tenant ${problem}.`),
  ];
}

function thrownBy(field: string, check: () => unknown): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [`${field}: ${error instanceof Error ? error.message : String(error)}`];
  }
}
