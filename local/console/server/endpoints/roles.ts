import type { JsonObject } from '../../../../shared/json.ts';
import { jsonAnswer } from '../answer.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { refuseUnknown } from '../query.ts';
import type { TokenGrant, Tokens } from '../tokens.ts';
import { notFound, unauthorized } from '../vendor-error.ts';

/** The pages of a role with what each lets do besides looking at it; a viewer's role has all pages, and may only look. */
const pages: Readonly<Record<string, readonly string[]>> = {
  Endpoints: [
    'disconnectFromNetwork',
    'reconnectToNetwork',
    'initiateScan',
    'abortScan',
    'reboot',
    'FetchLogs',
    'sendMessage',
  ],
  Threats: [
    'kill',
    'quarantine',
    'unquarantine',
    'remediate',
    'rollback',
    'updateIncidentStatus',
    'updateAnalystVerdict',
    'addToBlacklist',
  ],
  'Custom Alerts': ['updateIncidentStatus', 'updateAnalystVerdict'],
  Blacklist: ['create', 'delete'],
  'Activity Page': [],
  Rogues: [],
  Sites: [],
  Accounts: [],
  Users: [],
  Roles: [],
};

/** The id of the role that a token's user has. Roles are shared by tokens with the same rights, as in a console. */
export function roleIdOf(token: TokenGrant, { labels }: Tokens): string {
  const own = isPredefined(token)
    ? ['Admin', 'Viewer'].indexOf(token.role)
    : 10 + labels.indexOf(token.label);
  return String(225_494_730_938_493_000n + BigInt(own));
}

/** Roles with the console's own names, and other rights than those have, are made by somebody. */
function isPredefined({ role, refused, mayAct }: TokenGrant): boolean {
  return refused.size === 0 && mayAct === (role === 'Admin');
}

/** The role of the token's own user, with all that it may and may not do. Other roles are none that the token sees. */
export const role: Endpoint = {
  method: 'GET',
  path: '/rbac/role/{roleId}',
  authentication: 'token',
  permission: 'Roles.view',
  answer(call) {
    refuseUnknown(call.query, new Set());
    const { token, tokens, pathParams } = call;
    if (token === undefined) throw unauthorized();
    const id = roleIdOf(token, tokens);
    if (pathParams.get('roleId') !== id) throw notFound();
    return jsonAnswer({
      data: {
        description: null,
        id,
        name: token.role,
        pages: Object.entries(pages).map(([name, verbs]) => pageOf(name, verbs, token)),
        predefinedRole: isPredefined(token),
        scope: token.siteId === undefined ? 'Tenant' : 'Site',
        scopeId: token.siteId ?? null,
      },
    });
  },
};

function pageOf(name: string, verbs: readonly string[], token: NonNullable<Call['token']>): JsonObject {
  const permission = (verb: string) => ({
    dependsOn: verb === 'view' ? [] : ['view'],
    description: '',
    groupName: null,
    identifier: verb,
    // As the pages of the console spell it: "Disconnect From Network".
    title: verb.replace(
      /^[a-z]|[A-Z]/g,
      (letter, at: number) => `${at > 0 ? ' ' : ''}${letter.toUpperCase()}`,
    ),
    type: 'boolean',
    value: (verb === 'view' || token.mayAct) && !token.refused.has(`${name}.${verb}`),
  });
  return {
    identifier: name.charAt(0).toLowerCase() + name.slice(1).replaceAll(' ', ''),
    name,
    permissions: ['view', ...verbs].map(permission),
  };
}
