import type { Json, JsonObject } from '../../../shared/json.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { type CursorBinding, type CursorContent, type Position, readCursor, writeCursor } from './cursor.ts';
import type { PageEnd, PageQuirks } from './faults/page-quirks.ts';
import { invalidCursor } from './vendor-error.ts';

/** What pages are cut from: items by their numbers, in the order that the request asks for. */
export interface PageSource {
  readonly binding: CursorBinding;
  /** How many there are. */
  total(): number;
  /** The ones behind a position, or all of them. */
  behind(position: Position | null): Iterable<number>;
  positionOf(item: number): Position;
  /** False for an id that no item has or ever had: a cursor with it is none. */
  isKnown(id: string): boolean;
  body(item: number): JsonObject;
  /** Puts the records into the answer's `data` where that is no plain list. */
  readonly envelope?: ((records: readonly JsonObject[]) => Json) | undefined;
}

/** What a request asks for of a list, besides its order. */
export interface PageControls {
  readonly limit: number;
  readonly skip: number;
  readonly cursor: string | undefined;
  readonly countOnly: boolean;
  readonly skipCount: boolean;
}

/** An endless row of empty pages would be no page but an outage. */
export const mostEmptyPages = 3;

/** One page of a list with the cursor of the next one. Throws 400 for a cursor of another list. */
export function answerPage(source: PageSource, page: PageControls, quirks: PageQuirks): Answer {
  const { binding, envelope: wrap = (list: readonly JsonObject[]): Json => list } = source;
  const start = startOf(page.cursor, source);
  const total = page.skipCount ? {} : { totalItems: source.total() };

  if (page.countOnly)
    return jsonAnswer({ data: wrap([]), pagination: { nextCursor: null, totalItems: source.total() } });
  if (quirks.isEmptyPage && page.skip === 0 && start.emptyPages < mostEmptyPages) {
    const nextCursor = writeCursor({ ...start, emptyPages: start.emptyPages + 1 }, binding);
    return jsonAnswer({ data: quirks.isNullData ? null : wrap([]), pagination: { nextCursor, ...total } });
  }

  const items: number[] = [];
  let toSkip = page.skip;
  for (const item of source.behind(start.position)) {
    if (toSkip > 0) toSkip--;
    else items.push(item);
    if (items.length > page.limit) break;
  }
  const hasMore = items.length > page.limit || (quirks.hasTrailingPage && items.length > 0);
  const answered = items.slice(0, page.limit);
  const last = answered.at(-1);
  const nextCursor =
    hasMore && last !== undefined
      ? { nextCursor: writeCursor({ position: source.positionOf(last), emptyPages: 0 }, binding) }
      : endOfList(quirks.end);
  const data =
    answered.length === 0 && quirks.isNullData ? null : wrap(answered.map((item) => source.body(item)));
  return jsonAnswer({ data, pagination: { ...nextCursor, ...total } });
}

function startOf(cursor: string | undefined, { binding, isKnown }: PageSource): CursorContent {
  if (cursor === undefined) return { position: null, emptyPages: 0 };
  const content = readCursor(cursor, binding);
  if (content.position !== null && !isKnown(content.position.id)) throw invalidCursor();
  return content;
}

/** The `nextCursor` of a last page. */
export function endOfList(end: PageEnd): { readonly nextCursor?: null | '' } {
  if (end === 'missing') return {};
  return { nextCursor: end === 'empty' ? '' : null };
}
