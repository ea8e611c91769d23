import type { Json } from '../../../../shared/json.ts';
import type { ListPage, ListParams, SentinelOneApi } from '../../../../shared/ports.ts';

/** A console that answers lists only, and notes what was asked. */
export interface ListApi extends SentinelOneApi {
  readonly asked: readonly { readonly path: string; readonly params: ListParams }[];
}

export function listApi(answer: (path: string, params: ListParams) => readonly Json[] | ListPage): ListApi {
  const asked: { path: string; params: ListParams }[] = [];
  return {
    asked,
    async list(path, params) {
      asked.push({ path, params });
      const given = answer(path, params);
      return 'data' in given ? given : { data: given };
    },
    async request({ method, path }) {
      throw new Error(`Nobody should ask for ${method} ${path} here.`);
    },
  };
}
