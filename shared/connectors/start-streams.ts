import type { ConnectorDependencies } from './connector-dependencies.ts';
import type { StoredConnector } from './connector-registry.ts';
import { openStreams } from './open-streams.ts';

/** Makes the streams of a connector what its settings say, and has new ones worked on without waiting for the schedule. */
export async function startStreams(
  stored: StoredConnector,
  dependencies: ConnectorDependencies,
): Promise<void> {
  const { clock, connectors, queue, log, claimMs } = dependencies;
  const now = clock.now();
  // Whoever is told by a message is not due until it is clear that the message was lost.
  const opened = await openStreams(stored, dependencies, now + claimMs);
  if (opened.length === 0) return;
  try {
    await queue.send(
      opened.map((stream) => ({ version: 1, stream })),
      0,
    );
  } catch (error) {
    log.warn('The queue took no message for new streams; the schedule sends it.', {
      streams: opened.length,
      error: error instanceof Error ? error.message : String(error),
    });
    // Due now, so that the next tick brings them up.
    for (const id of opened) await connectors.makeDue(id, now);
  }
}
