import { actionIdText, parseActionId } from '../actions/run/action-id.ts';
import type { ActionCursor } from '../actions/run/action-store.ts';
import { cursorRefused, readListCursor, writeListCursor } from './list-cursor.ts';

/** A place in a tenant's list of actions as an opaque text. */
export function writeActionCursor({ requestedAt, connector, id }: ActionCursor): string {
  return writeListCursor({ requestedAt: new Date(requestedAt).toISOString(), connector, id });
}

/** Throws `ApiProblem` 422 for a text that is none. Whose list it is of is not its business. */
export function readActionCursor(cursor: string): ActionCursor {
  const { requestedAt, connector, id } = readListCursor(cursor, ['requestedAt', 'connector', 'id']);
  const time = Date.parse(requestedAt);
  // It becomes part of a key.
  if (Number.isNaN(time) || parseActionId(actionIdText({ tenant: 'any', connector, id })) === undefined)
    throw cursorRefused();
  return { requestedAt: time, connector, id };
}
