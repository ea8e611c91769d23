import { isObject, type Json } from '../../json.ts';
import { isTrueAt, listAt } from '../../records/json-fields.ts';
import type { Page } from '../reading.ts';
import type { Position } from '../stream.ts';

/** A page of a list out of which several pages of other records are made. */
export type ListedPage = Pick<Page, 'records' | 'position' | 'end' | 'mayRepeat'>;

const place = 'page of the list';

/** The page of the list at the position: asked for once, as long as no other is asked for. */
export async function keptPage(
  cache: Map<string, Json>,
  position: Position | undefined,
  read: () => Promise<Page>,
): Promise<ListedPage> {
  const at = JSON.stringify(position ?? null);
  const kept = cache.get(place);
  if (isObject(kept) && kept['at'] === at && isObject(kept['position'])) {
    return {
      records: listAt(kept, 'records'),
      position: kept['position'],
      end: isTrueAt(kept, 'end'),
      mayRepeat: isTrueAt(kept, 'mayRepeat'),
    };
  }
  const { records, position: next, end, mayRepeat } = await read();
  cache.set(place, { at, records, position: next, end, mayRepeat });
  return { records, position: next, end, mayRepeat };
}
