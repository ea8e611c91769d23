import type { JsonObject } from '../json.ts';
import type { ConnectorDependencies } from './connector-dependencies.ts';
import { type ConnectorInput, readConnectorInput } from './connector-input.ts';
import type { StoredConnector } from './connector-registry.ts';
import { parseDuration } from './duration.ts';
import type { InputProblem } from './input-problem.ts';
import { saveToken } from './save-token.ts';
import { settleConnector } from './settle-connector.ts';

export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly stored: StoredConnector }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] }
  | { readonly kind: 'name_taken'; readonly id: string }
  /** Somebody else has changed it meanwhile; nothing was changed. */
  | { readonly kind: 'outdated' };

/**
 * Gives a connector the settings that the input stands for. The same input again changes nothing, but completes what an interrupted
 * creation or change has left undone.
 * @param seen as it was read; a change that came in between makes the outcome `outdated`
 * @param apiToken a new token, where there is one
 */
export async function changeConnector(
  seen: StoredConnector,
  input: ConnectorInput,
  apiToken: string | undefined,
  dependencies: ConnectorDependencies,
): Promise<ChangeOutcome> {
  const { clock, registry, hostPolicy, secrets } = dependencies;
  const { connector } = seen;
  const now = clock.now();
  const read = readConnectorInput({ ...input, since: sinceOf(input, seen) }, hostPolicy, now);
  const fixed = fixedProblems(connector, input);
  if ('problems' in read) return { kind: 'invalid', problems: [...fixed, ...read.problems] };
  const { settings, functions } = read;
  if (settings.hostUrl !== connector.hostUrl) {
    fixed.push({
      field: 'hostUrl',
      message: `cannot be changed: the connector reads ${connector.hostUrl}.`,
      recommendation:
        'Create another connector for the other console: its data is another data set, and would mix with what is in the lake.',
    });
  }
  if (fixed.length > 0) return { kind: 'invalid', problems: fixed };
  const next = { ...settings, id: connector.id, since: connector.since, createdAt: connector.createdAt };
  const isSame = isEqual({ ...next, functions }, { ...connector, functions: seen.functions });
  const stored = isSame
    ? seen
    : { ...seen, connector: next, functions, version: seen.version + 1, updatedAt: now };
  const written = isSame ? 'replaced' : await registry.replace(stored, seen);
  if (written === 'outdated') return { kind: 'outdated' };
  if (written === 'name_taken') {
    const owner = await registry.ownerOfName(connector.tenant, settings.name);
    // Whoever had the name may have left it since; the caller finds out by trying again.
    return { kind: 'name_taken', id: owner ?? connector.id };
  }
  const isNewToken =
    apiToken !== undefined && (await saveToken(connector, { hostUrl: connector.hostUrl, apiToken }, secrets));
  await settleConnector(stored, dependencies);
  if (isNewToken) await retryRefused(connector, dependencies);
  return { kind: 'changed', stored };
}

/** Streams whose token the console has refused are due now: their next regular slot may be a day away. */
async function retryRefused(
  { tenant, id }: StoredConnector['connector'],
  { clock, connectors }: ConnectorDependencies,
): Promise<void> {
  const streams = [...(await connectors.streams(tenant, id)), ...(await connectors.parts(tenant, id))];
  for (const { id: stream, status, pausedAt } of streams)
    if (status.health === 'credentials' && pausedAt === undefined)
      await connectors.makeDue(stream, clock.now());
}

/** A duration was meant from the creation on, so it says nothing new. */
function sinceOf({ since }: ConnectorInput, { connector }: StoredConnector): string {
  return since === undefined || parseDuration(since) !== undefined
    ? new Date(connector.since).toISOString()
    : since;
}

function fixedProblems(connector: StoredConnector['connector'], input: ConnectorInput): InputProblem[] {
  const problems: InputProblem[] = [];
  if (input.tenant !== connector.tenant) {
    problems.push({
      field: 'tenant',
      message: 'cannot be changed: what is in the lake lies under it.',
      recommendation: 'Create a connector in the other tenant, and delete this one.',
    });
  }
  const { since } = input;
  if (since !== undefined && parseDuration(since) === undefined && Date.parse(since) !== connector.since) {
    problems.push({
      field: 'since',
      message: `cannot be changed: the data from ${new Date(connector.since).toISOString()} on is in the lake or on its way.`,
      recommendation: 'Leave it out. What is older is read by POST /v1/connectors/{connectorId}/backfill.',
    });
  }
  return problems;
}

/** By content, whatever the order of the names. */
function isEqual(a: object, b: object): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  const entries = names.map((name) => [name, sorted((value as JsonObject)[name])]);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}
