import type { Principal } from './principal.ts';
import type { Right } from './rights.ts';

/** What an IAM user or role may do, out of the configuration. */
export type IamGrant = {
  readonly tenants: readonly string[] | 'all';
  readonly rights: readonly Right[];
} & (
  | {
      /** The whole ARN of a user or role; a role's without its path, as AWS leaves the path out where a role is assumed. */
      readonly arn: string;
    }
  | {
      /** What ARNs begin with; up to the account's id at least, or strangers would be let in. */
      readonly arnPrefix: string;
    }
);

const arnPattern = /^arn:aws[a-z-]*:(?:iam|sts)::\d{12}:[\x21-\x7e]+$/;
const prefixPattern = /^arn:aws[a-z-]*:iam::\d{12}:[\x21-\x7e]*$/;
const assumedRolePattern = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/;

/**
 * The principal of a call that the gateway has let in by its AWS signature (`requestContext.identity` of API Gateway). The
 * first grant that fits counts; undefined where none does. A role that is assumed goes by the role's ARN, whatever its
 * session is called.
 * Throws a plain Error for a grant that is misconfigured.
 */
export function principalFromIam(
  identity: { readonly userArn?: string | null | undefined },
  grants: readonly IamGrant[],
): Principal | undefined {
  for (const grant of grants) assertSound(grant);
  const { userArn } = identity;
  if (typeof userArn !== 'string' || !arnPattern.test(userArn)) return undefined;
  const [, partition, account, role, session] = assumedRolePattern.exec(userArn) ?? [];
  const id = role === undefined ? userArn : `arn:${partition}:iam::${account}:role/${role}`;
  const grant = grants.find((grant) => ('arn' in grant ? grant.arn === id : id.startsWith(grant.arnPrefix)));
  if (grant === undefined) return undefined;
  const { tenants, rights } = grant;
  // The session's name says which person or job it was.
  const name = role === undefined ? id.slice(id.lastIndexOf(':') + 1) : `${role}/${session}`;
  return { kind: 'iam', id, name, rights, tenants };
}

function assertSound(grant: IamGrant): void {
  if ('arn' in grant) {
    if (!arnPattern.test(grant.arn) || assumedRolePattern.test(grant.arn))
      throw new Error(
        `The IAM grant "${grant.arn}" is not the ARN of a user or role, such as arn:aws:iam::111122223333:role/Name.`,
      );
  } else if (!prefixPattern.test(grant.arnPrefix))
    throw new Error(
      `The IAM grant's prefix "${grant.arnPrefix}" does not reach beyond the account's id: begin it as in arn:aws:iam::111122223333:role/Soc-.`,
    );
}
