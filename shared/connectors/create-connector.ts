import type { ConnectorDependencies } from './connector-dependencies.ts';
import { idFromName } from './connector-id.ts';
import { type ConnectorInput, readConnectorInput } from './connector-input.ts';
import type { StoredConnector } from './connector-registry.ts';
import type { InputProblem } from './input-problem.ts';
import { saveToken } from './save-token.ts';
import { settleConnector } from './settle-connector.ts';

export type CreateOutcome =
  | { readonly kind: 'created'; readonly stored: StoredConnector }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] }
  /** The tenant has a connector of this name. */
  | { readonly kind: 'name_taken'; readonly id: string };

/** Ids tried one after the other where those before were used once: `edr`, `edr-2`, … */
const mostIds = 50;

/**
 * Creates a connector whose streams are worked on at once. An interrupted creation leaves a connector that a change completes.
 * The entry comes first, because an id that is not ours may have a secret that is somebody else's; the streams come last, because
 * one without a secret would report a fault that is none.
 */
export async function createConnector(
  input: ConnectorInput,
  apiToken: string,
  dependencies: ConnectorDependencies,
): Promise<CreateOutcome> {
  const { clock, registry, hostPolicy } = dependencies;
  const now = clock.now();
  const read = readConnectorInput(input, hostPolicy, now);
  if ('problems' in read) return { kind: 'invalid', problems: read.problems };
  const { settings, functions } = read;
  const { tenant, name } = settings;
  const wanted = idFromName(name);
  for (let n = 1; n <= mostIds; n++) {
    const id = n === 1 ? wanted : `${wanted}-${n}`;
    const stored: StoredConnector = {
      connector: { ...settings, id, createdAt: now },
      functions,
      state: 'active',
      version: 1,
      updatedAt: now,
    };
    const outcome = await registry.create(stored);
    // Whoever had the name may have left it since; then its own id is as good as any.
    if (outcome === 'name_taken')
      return { kind: 'name_taken', id: (await registry.ownerOfName(tenant, name)) ?? id };
    if (outcome === 'id_taken') continue;
    await saveToken({ tenant, id }, { hostUrl: settings.hostUrl, apiToken }, dependencies.secrets);
    await settleConnector(stored, dependencies);
    return { kind: 'created', stored };
  }
  const problem: InputProblem = {
    field: 'name',
    message: `has been used by ${mostIds} connectors of the tenant.`,
    recommendation: 'Choose another name: ids that were used once name objects in the lake.',
  };
  return { kind: 'invalid', problems: [problem] };
}
