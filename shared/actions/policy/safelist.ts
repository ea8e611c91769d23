import type { JsonObject } from '../../json.ts';
import type { ActionType } from '../action-type.ts';
import type { Reason } from '../subject.ts';
import { selects } from './endpoint-selector.ts';
import type { ResponsePolicy, SafelistEntry } from './response-policy.ts';

/** What is about to be done. */
export interface Deed {
  readonly danger: ActionType['danger'];
  /** True where it takes an isolation back: who is isolated by mistake must come back, on the safelist or not. */
  readonly isRestoring: boolean;
}

/** The first entry of the safelist that protects this endpoint, as `GET /agents` gives it. */
export function safelistEntry(
  agent: JsonObject,
  { safelist }: Pick<ResponsePolicy, 'safelist'>,
): SafelistEntry | undefined {
  return safelist.find((entry) => selects(entry, agent));
}

/**
 * Why the safelist forbids it; undefined where it may be done. What changes only the console's own data is always allowed. An
 * endpoint that the console no longer shows cannot be compared with the safelist, so nothing is done to it where there is one.
 */
export function safelistRefusal(
  { danger, isRestoring }: Deed,
  agent: JsonObject | undefined,
  policy: Pick<ResponsePolicy, 'safelist'>,
): Reason | undefined {
  if (danger === 'console' || isRestoring || policy.safelist.length === 0) return undefined;
  if (agent === undefined) {
    return {
      code: 'safelist_not_checkable',
      message:
        "The console no longer shows the endpoint, so it cannot be compared with the tenant's safelist.",
      recommendation:
        'Act in the console itself, where it is known that the endpoint is not to be protected.',
    };
  }
  const entry = safelistEntry(agent, policy);
  if (entry === undefined) return undefined;
  return {
    code: 'safelisted',
    message: `The endpoint is on the tenant's safelist, by its entry ${JSON.stringify(entry.name)}.`,
    recommendation: 'Act in the console itself, or have an admin change the response policy of the tenant.',
  };
}
