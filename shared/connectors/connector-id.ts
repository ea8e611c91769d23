import { idProblem } from './names.ts';

/** Which connector of which tenant. */
export interface TenantConnector {
  readonly tenant: string;
  readonly id: string;
}

/** A connector's id in the control API, `<tenant>.<connector>`. Neither part may hold a dot. */
export function connectorIdText({ tenant, id }: TenantConnector): string {
  return `${tenant}.${id}`;
}

/** Undefined for a text that is none. */
export function parseConnectorId(text: string): TenantConnector | undefined {
  const [tenant = '', id = '', ...rest] = text.split('.');
  if (rest.length > 0 || idProblem(tenant) !== undefined || idProblem(id) !== undefined) return undefined;
  return { tenant, id };
}

/** The id that a name suggests: `EMEA – Servers` becomes `emea-servers`. */
export function idFromName(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return id === '' ? 'connector' : id;
}
