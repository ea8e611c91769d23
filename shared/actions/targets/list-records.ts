import { repeatedCursor } from '../../engine/readings/list-errors.ts';
import { isObject, type JsonObject } from '../../json.ts';
import type { ListParams, SentinelOneApi } from '../../ports.ts';
import { malformed } from '../../sentinelone/envelope.ts';

/** The console that is asked, and what ends the asking. */
export interface Console {
  readonly api: SentinelOneApi;
  readonly signal?: AbortSignal | undefined;
}

const pageSize = 1_000;
/** Empty pages are no end, so they are not counted by records. */
const mostPages = 50;

/**
 * All records of a list that the filters let through, to the end of its cursors; undefined where they are more than `most`.
 * @throws ConnectorError where the console fails, or its list does not end
 */
export async function listRecords(
  path: string,
  filters: ListParams,
  { api, signal }: Console,
  most: number,
): Promise<readonly JsonObject[] | undefined> {
  const records: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= mostPages; page++) {
    const { data, nextCursor, totalItems } = await api.list(
      path,
      {
        ...filters,
        sortBy: 'id',
        sortOrder: 'asc',
        limit: String(pageSize),
        ...(cursor === undefined ? {} : { cursor }),
      },
      signal,
    );
    records.push(...data.filter(isObject));
    if (records.length > most || (totalItems ?? 0) > most) return undefined;
    if (nextCursor === undefined) {
      // Consoles have been seen to answer with an empty page in the place of what there is. Of a longer list the total may change.
      if (page === 1 && data.length < (totalItems ?? 0))
        throw malformed(`GET ${path}`, `it counts ${totalItems} records and holds ${data.length}`);
      return records;
    }
    if (nextCursor === cursor) throw repeatedCursor(path);
    cursor = nextCursor;
  }
  throw repeatedCursor(path);
}
