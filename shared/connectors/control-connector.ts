import type { ConnectorDependencies } from './connector-dependencies.ts';
import type { ConnectorState, StoredConnector } from './connector-registry.ts';
import { settleConnector } from './settle-connector.ts';

/** `outdated`: somebody else has changed the connector meanwhile, and nothing was changed. */
export type ControlOutcome =
  | { readonly kind: 'changed'; readonly stored: StoredConnector }
  | { readonly kind: 'outdated' };

/** Stops collecting; slices that are under way are the last ones. Paused again is the same. */
export function pauseConnector(
  seen: StoredConnector,
  dependencies: ConnectorDependencies,
): Promise<ControlOutcome> {
  return changeState(seen, 'paused', dependencies);
}

/** Goes on where it was paused: what the console still has of the time between is collected. */
export function resumeConnector(
  seen: StoredConnector,
  dependencies: ConnectorDependencies,
): Promise<ControlOutcome> {
  return changeState(seen, 'active', dependencies);
}

/**
 * Stops collecting and forgets token and progress. The lake keeps its objects, and the id is never used again. Deleted again is the
 * same, and completes a deletion that was interrupted.
 */
export function deleteConnector(
  seen: StoredConnector,
  dependencies: ConnectorDependencies,
): Promise<ControlOutcome> {
  return changeState(seen, 'deleted', dependencies);
}

async function changeState(
  seen: StoredConnector,
  state: ConnectorState,
  dependencies: ConnectorDependencies,
): Promise<ControlOutcome> {
  const stored = await withState(seen, state, dependencies);
  if (stored === undefined) return { kind: 'outdated' };
  await settleConnector(stored, dependencies);
  return { kind: 'changed', stored };
}

async function withState(
  seen: StoredConnector,
  state: ConnectorState,
  { clock, registry }: ConnectorDependencies,
): Promise<StoredConnector | undefined> {
  if (seen.state === state) return seen;
  const stored = { ...seen, state, version: seen.version + 1, updatedAt: clock.now() };
  const outcome = await registry.replace(stored, seen);
  // The name stays its own, so nobody else can have it.
  if (outcome === 'name_taken')
    throw new Error(`The name of the connector ${seen.connector.id} is another's.`);
  return outcome === 'replaced' ? stored : undefined;
}
