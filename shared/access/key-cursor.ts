import { isKeyId } from './api-key.ts';

/** A cursor that stands behind the key. Opaque to callers, so that its insides may change. */
export function cursorBehind(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** The id of the key that the cursor stands behind; undefined where it is no cursor. */
export function idOfCursor(cursor: string): string | undefined {
  const id = Buffer.from(cursor, 'base64url').toString();
  return isKeyId(id) && cursorBehind(id) === cursor ? id : undefined;
}
