import type { RunningConsole } from '../../../local/console/console.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { fieldAt, listAt, textAt } from '../../../shared/records/json-fields.ts';
import { testToken } from './served-stack.ts';

/** The console as somebody sees it who looks for themselves, and acts at it beside the stack. */
export interface ConsoleClient {
  /** All records of a list, e.g. `/agents`. */
  list(path: string, params?: Readonly<Record<string, string>>): Promise<readonly JsonObject[]>;
  /** Throws Error for what is refused. */
  act(method: 'POST' | 'DELETE', path: string, filter: JsonObject, data?: JsonObject): Promise<void>;
}

export function consoleClient({ url }: Pick<RunningConsole, 'url'>): ConsoleClient {
  async function ask(method: string, path: string, body?: object): Promise<Json> {
    const response = await fetch(`${url}/web/api/v2.1${path}`, {
      method,
      headers: { authorization: `ApiToken ${testToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Json;
  }
  return {
    async list(path, params = {}) {
      const found: JsonObject[] = [];
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({ ...params, limit: '1000', ...(cursor ? { cursor } : {}) });
        const page = await ask('GET', `${path}?${query}`);
        found.push(...listAt(page, 'data').filter(isObject));
        cursor = textAt(fieldAt(page, 'pagination', 'nextCursor'));
      } while (cursor !== undefined);
      return found;
    },
    async act(method, path, filter, data = {}) {
      await ask(method, path, { filter, data });
    },
  };
}
