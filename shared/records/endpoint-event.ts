import type { JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { type ConnectionFacts, connectionFields } from './connection-fields.ts';
import { dnsFields } from './dns-fields.ts';
import { type FileFacts, fileFields } from './file-fields.ts';
import { type HostFacts, hostFields } from './host-fields.ts';
import { presentFields, textAt } from './json-fields.ts';
import { organizationFields } from './organization-fields.ts';
import { type ProcessFacts, processFields } from './process-fields.ts';

type Text = string | undefined;

/** What an endpoint saw, whichever interface of the console tells it. Texts are the console's. */
export interface EndpointEvent {
  /** About what kind of thing it is (`process`, `ip`, `file`, …), and what happened to it (`IP Connect`). */
  readonly category: Text;
  readonly type: Text;
  readonly description: Text;
  readonly storyline: Text;
  readonly host: HostFacts;
  /** `accountId`, `siteName` and so on. */
  readonly organization: Readonly<Record<string, Text>>;
  readonly process: ProcessFacts;
  readonly parent: ProcessFacts;
  readonly file: FileFacts;
  readonly connection: Omit<ConnectionFacts, 'hostName' | 'userName'> & { readonly status: Text };
  readonly dns: { readonly request: Text; readonly response: Text };
  readonly url: { readonly address: Text; readonly method: Text };
  readonly registry: { readonly path: Text; readonly value: Text; readonly valueType: Text };
  readonly login: {
    readonly user: Text;
    readonly domain: Text;
    readonly type: Text;
    readonly succeeded: boolean | undefined;
  };
}

/** The normalised fields of an event. `user` is who logged in or out, else the account of the process. */
export function endpointEvent(event: EndpointEvent): JsonObject {
  const { host, process, connection, dns, url, registry } = event;
  const login = loginFields(event);
  const account = userFields(process.user);
  return presentFields({
    host: hostFields(host),
    ...connectionFields({ ...connection, hostName: host.name, userName: textAt(account, 'name') }),
    user: login['user'] ?? account,
    login,
    ...processFields(process, event.parent),
    file: fileFields(event.file),
    dns: dnsFields(dns.request, dns.response),
    url: url.address,
    http: presentFields({ request: presentFields({ method: url.method }) }),
    registry: presentFields({
      path: registry.path,
      data: presentFields({
        strings: registry.value === undefined ? [] : [registry.value],
        type: registry.valueType,
      }),
    }),
    event: presentFields({
      category: event.category,
      action: event.type,
      outcome: outcomeOf(event),
      description: event.description?.trim(),
    }),
    storyline: event.storyline,
    ...organizationFields((name) => event.organization[name]),
  });
}

function loginFields({ login }: EndpointEvent): JsonObject {
  const { name, domain = login.domain } = userFields(login.user);
  return presentFields({
    type: login.type,
    user: name === undefined ? undefined : presentFields({ name, domain }),
  });
}

function outcomeOf({ login, connection }: EndpointEvent): string | undefined {
  if (login.succeeded !== undefined) return login.succeeded ? 'success' : 'failure';
  return outcomes.get(connection.status?.trim().toUpperCase() ?? '');
}

const outcomes: ReadonlyMap<string, string> = new Map([
  ['SUCCESS', 'success'],
  ['FAILURE', 'failure'],
  ['BLOCKED', 'failure'],
]);
