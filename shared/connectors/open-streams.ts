import { isDeepStrictEqual } from 'node:util';
import { nextSlot } from '../engine/schedule.ts';
import type { Stream, StreamId } from '../engine/stream.ts';
import type { ConnectorDependencies } from './connector-dependencies.ts';
import type { StoredConnector } from './connector-registry.ts';
import { wantedStreams } from './stream-settings.ts';

export type OpenStreamsDependencies = Pick<
  ConnectorDependencies,
  'clock' | 'connectors' | 'control' | 'findContentType'
>;

/**
 * Makes the streams of a connector what its settings say: one for each content type and its companions, on the schedule as long as
 * the connector collects; those of content types that it no longer names are paused and keep their progress. Doing it again changes
 * nothing.
 * @param nextDueAt of new streams and of those that were paused, epoch milliseconds
 * @returns these
 */
export async function openStreams(
  { connector, functions, state }: StoredConnector,
  { clock, connectors, control, findContentType }: OpenStreamsDependencies,
  nextDueAt: number,
): Promise<readonly StreamId[]> {
  const now = clock.now();
  const collects = state === 'active' && functions.includes('collect');
  const wanted = collects ? wantedStreams(connector, findContentType) : [];
  const streams = await connectors.streams(connector.tenant, connector.id);
  const known = new Map(streams.map((stream) => [stream.id.contentType, stream]));
  const opened: StreamId[] = [];
  for (const { contentType, settings } of wanted) {
    const id = { tenant: connector.tenant, connector: connector.id, contentType: contentType.id };
    const stream = known.get(contentType.id);
    if (stream === undefined || !isDeepStrictEqual(stream.settings, settings)) {
      await connectors.ensureStream(id, { since: connector.since, settings, nextDueAt, now });
      if (stream !== undefined && waitsLonger(stream, settings.intervalMs, now))
        await connectors.makeDue(id, nextSlot(id, settings.intervalMs, now));
    }
    if (stream?.pausedAt !== undefined) await control.resume(id, nextDueAt);
    if (stream === undefined || stream.pausedAt !== undefined) opened.push(id);
  }
  const names = new Set(wanted.map(({ contentType }) => contentType.id));
  for (const { id, pausedAt } of streams) {
    if (!names.has(id.contentType) && pausedAt === undefined) await control.pause(id, now);
  }
  return opened;
}

/** True where it was planned by a longer interval than the new one, which may be a day. */
function waitsLonger({ nextDueAt, leaseUntil }: Stream, intervalMs: number, now: number): boolean {
  return nextDueAt !== undefined && leaseUntil <= now && nextDueAt > now + intervalMs;
}
