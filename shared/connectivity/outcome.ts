import { ConnectorError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { ApiRequest, SentinelOneApi } from '../ports.ts';

/** What the console answered to a question that several checks want to know. */
export type Outcome =
  | { readonly kind: 'answered'; readonly json: Json | undefined }
  | { readonly kind: 'refused'; readonly error: ConnectorError };

/** Asks, and gives a `ConnectorError` back instead of throwing it. */
export async function outcomeOf(
  api: SentinelOneApi,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const { json } = await api.request(request, signal);
    return { kind: 'answered', json };
  } catch (error) {
    if (error instanceof ConnectorError) return { kind: 'refused', error };
    throw error;
  }
}

const beyondTheToken: ReadonlySet<string> = new Set(['permission', 'licence', 'retired']);

/** True for a refusal by the console itself that says nothing against the token: its role, the licence or the version lacks it. */
export function isBeyondToken({ health, code }: ConnectorError): boolean {
  return beyondTheToken.has(health) && code !== 'access_blocked';
}
