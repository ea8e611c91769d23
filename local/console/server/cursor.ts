import { createHash } from 'node:crypto';
import { invalidCursor } from './vendor-error.ts';

/** A place in a sorted list: behind the record with this sort key and id. */
export interface Position {
  /** Microseconds where the list is sorted by a time. */
  readonly key: number | string;
  readonly id: string;
}

/** What a cursor is bound to; with anything else it is refused. */
export interface CursorBinding {
  readonly seed: number;
  readonly path: string;
  readonly sortBy: string;
  readonly sortOrder: string;
  /** Name and text of all filters of the request. */
  readonly filters: readonly (readonly [string, string])[];
}

/** What a cursor says. `position` is null at the start of the list. */
export interface CursorContent {
  readonly position: Position | null;
  /** Empty pages so far: makes the cursor behind an empty page another one than the cursor before it. */
  readonly emptyPages: number;
}

/** Opaque base64 text, padded with `=` where base64 is, so that it must be encoded in a URL. */
export function writeCursor(content: CursorContent, binding: CursorBinding): string {
  const { position, emptyPages } = content;
  const fields = JSON.stringify([position?.key ?? null, position?.id ?? null, emptyPages]);
  return Buffer.from(`${binding.sortBy}:${fields}:${digest(fields, binding)}`).toString('base64');
}

/** Throws 400 where the text is no cursor, or one of other filters or another order. */
export function readCursor(text: string, binding: CursorBinding): CursorContent {
  const match = /^([A-Za-z]+):(\[.*\]):([0-9a-f]+)$/.exec(Buffer.from(text, 'base64').toString());
  const [, , fields = '', signature = ''] = match ?? [];
  // The digest covers the fields, so what follows was written by `writeCursor`.
  if (
    !match ||
    signature !== digest(fields, binding) ||
    Buffer.from(text, 'base64').toString('base64') !== text
  )
    throw invalidCursor();
  const [key, id, emptyPages]: unknown[] = JSON.parse(fields);
  const isKey = typeof key === 'number' || typeof key === 'string';
  return {
    position: isKey && typeof id === 'string' ? { key, id } : null,
    emptyPages: typeof emptyPages === 'number' ? emptyPages : 0,
  };
}

function digest(fields: string, binding: CursorBinding): string {
  const { seed, path, sortBy, sortOrder } = binding;
  const filters = [...binding.filters].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([seed, path, sortBy, sortOrder, filters, fields]))
    .digest('hex')
    .slice(0, 16);
}
