import { isObject, type JsonObject } from '../../json.ts';
import { fieldAt, listAt } from '../../records/json-fields.ts';
import { malformed } from '../../sentinelone/envelope.ts';
import type { Probe } from '../content-type.ts';
import { answerOf } from './newest.ts';

/** A GraphQL connection and the time by which it is sorted; see `graphqlConnection`. */
export interface NewestOfConnection {
  readonly path: string;
  readonly field: string;
  /** Arguments that are always the same. */
  readonly fixedArguments: string;
  readonly sortBy: string;
  readonly timeOf: (node: JsonObject) => number | undefined;
}

/** Probes a GraphQL connection by its newest node: one request. */
export function newestOfConnection(declaration: NewestOfConnection): Probe {
  const { path, field, fixedArguments, sortBy, timeOf } = declaration;
  return async ({ api, scope: { siteIds, accountIds }, signal }) => {
    const ids = siteIds ?? accountIds;
    const list = [
      'first: 1',
      `sort: {by: ${JSON.stringify(sortBy)}, order: DESC}`,
      ...(ids === undefined
        ? []
        : [
            `scope: {scopeIds: ${JSON.stringify(ids.split(','))}, scopeType: ${siteIds === undefined ? 'ACCOUNT' : 'SITE'}}`,
          ]),
      fixedArguments,
    ];
    const query = `{ ${field}(${list.join(', ')}) { edges { node { id ${sortBy} } } } }`;
    const { json } = await api.request({ method: 'POST', path, body: { query } }, signal);
    const connection = fieldAt(json, 'data', field);
    if (!isObject(connection) || !Array.isArray(connection['edges']))
      throw malformed(`POST ${path}`, `it holds no list of ${field}`);
    const nodes = listAt(connection, 'edges').map((edge) => fieldAt(edge, 'node'));
    const record = nodes.find((node) => isObject(node));
    return answerOf(record === undefined ? { kind: 'none' } : { kind: 'record', record }, timeOf);
  };
}
