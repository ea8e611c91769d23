import { isObject, type JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import type { PageRequest } from '../reading.ts';

/** Pages of one answer; they are more than one only where the console skips a beat. */
const mostPages = 10;

/** The records of a list that have these ids, as far as the console has them. One request, as a rule. */
export async function recordsByIds(
  path: string,
  ids: readonly string[],
  params: ListParams,
  { api, signal }: Pick<PageRequest, 'api' | 'signal'>,
): Promise<readonly JsonObject[]> {
  if (ids.length === 0) return [];
  const records: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { data, nextCursor } = await api.list(
      path,
      {
        ...params,
        ids: ids.join(','),
        limit: String(ids.length),
        ...(cursor === undefined ? {} : { cursor }),
      },
      signal,
    );
    records.push(...data.filter(isObject));
    if (nextCursor === undefined) break;
    cursor = nextCursor;
  }
  return records;
}
