import { ConnectorError } from '../../errors.ts';
import type { ApiRequest } from '../../ports.ts';
import type { Probe } from '../content-type.ts';

/** A question about a query that cannot exist. */
export interface UnknownQuery {
  readonly request: ApiRequest;
  /**
   * The same question without naming a query, where an endpoint that is there calls that wrong. It tells a console that does
   * not know the query from one that does not have the endpoint any more; both say "not found".
   */
  readonly unnamed?: ApiRequest;
}

const note = 'the newest event is not asked for, because that would start a query';

/**
 * Probes queries without starting one, because the console lets a token start few of them: whoever may not ask is refused,
 * and whoever may is told that there is no such query. One request, or two.
 */
export function unknownQuery({ request, unnamed }: UnknownQuery): Probe {
  return async ({ api, signal }) => {
    const ask = async (asked: ApiRequest) => {
      try {
        await api.request(asked, signal);
        return undefined;
      } catch (error) {
        if (!(error instanceof ConnectorError) || !isNotKnown(error)) throw error;
        return error;
      }
    };
    const unknown = await ask(request);
    if (unknown?.httpStatus !== 404 || unnamed === undefined) return { note };
    const wrong = await ask(unnamed);
    if (wrong?.httpStatus === 404) throw wrong;
    return { note };
  };
}

/** The console looked for the query, and did not find it or did not like its id. */
function isNotKnown({ code }: ConnectorError): boolean {
  return code === 'not_found' || code === 'request_refused' || code === 'query_refused';
}
