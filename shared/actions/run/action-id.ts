import { createHash } from 'node:crypto';
import { connectorIdText, parseConnectorId } from '../../connectors/connector-id.ts';
import type { Json } from '../../json.ts';
import type { ActionPlace } from './action.ts';

/** Half of a SHA-256 in hexadecimal: nobody meets one by chance. */
const idLength = 32;

/**
 * The id of what was asked for under a key. The same key is the same action, whoever asks and however often at once: there is one
 * item for it.
 */
export function actionIdOf(connector: Pick<ActionPlace, 'tenant' | 'connector'>, key: string): string {
  return hashOf([connector.tenant, connector.connector, key]).slice(0, idLength);
}

/** `<tenant>.<connector>.<id>`, the id of an action in the control API. */
export function actionIdText({ tenant, connector, id }: ActionPlace): string {
  return `${connectorIdText({ tenant, id: connector })}.${id}`;
}

/** Undefined for a text that is none. */
export function parseActionId(text: string): ActionPlace | undefined {
  const at = text.lastIndexOf('.');
  const place = parseConnectorId(text.slice(0, Math.max(0, at)));
  const id = text.slice(at + 1);
  return place !== undefined && /^[0-9a-f]{32}$/.test(id)
    ? { tenant: place.tenant, connector: place.id, id }
    : undefined;
}

/** SHA-256, hexadecimal, of a value whatever the order of its members. */
export function hashOf(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
