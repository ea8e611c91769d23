import { ConnectorError } from '../../errors.ts';
import type { ListParams } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Probe, ProbeRequest } from '../content-type.ts';

/** The same question for the first of the connector's sites or accounts, where it names any: some lists take only one of them. */
export function ofFirstScope(probe: Probe): Probe {
  return (request) => probe({ ...request, scope: firstOf(request.scope) });
}

/**
 * The same as `ofFirstScope`. Where the console wants an account to be named and the connector names none, one that the token
 * sees is named: two requests more. The reading finds its accounts in the same way (`oneScope`).
 */
export function ofFirstAccount(probe: Probe): Probe {
  const ask = ofFirstScope(probe);
  return async (request) => {
    try {
      return await ask(request);
    } catch (error) {
      if (Object.keys(request.scope).length > 0 || !wantsAccount(error)) throw error;
      const accountIds = await anyAccount(request);
      if (accountIds === undefined) throw error;
      return await ask({ ...request, scope: { accountIds } });
    }
  };
}

/** True where the console refused a request for not naming an account or a site. */
export function wantsAccount(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'scope_filter_missing';
}

function firstOf({ siteIds, accountIds }: ListParams): ListParams {
  const [site] = siteIds?.split(',') ?? [];
  const [account] = accountIds?.split(',') ?? [];
  if (site !== undefined) return { siteIds: site };
  return account === undefined ? {} : { accountIds: account };
}

/** An account by one of its sites, which tokens of every scope may list; undefined where the role may not, or there is none. */
async function anyAccount({ api, signal }: ProbeRequest): Promise<string | undefined> {
  try {
    const { data } = await api.list('/sites', { limit: '1' }, signal);
    return textAt(data[0], 'accountId');
  } catch (error) {
    if (error instanceof ConnectorError && error.httpStatus === 403) return undefined;
    throw error;
  }
}
