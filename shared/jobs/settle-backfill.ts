import { isDeepStrictEqual } from 'node:util';
import type { ConnectorDependencies } from '../connectors/connector-dependencies.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import { type WantedStream, wantedStreams } from '../connectors/stream-settings.ts';
import type { StreamId } from '../engine/stream.ts';
import { type Backfill, type BackfillSpan, isWanted } from './backfill.ts';

export type SettleBackfillDependencies = Pick<
  ConnectorDependencies,
  'clock' | 'backfills' | 'connectors' | 'control' | 'findContentType'
>;

/**
 * Makes the streams that read the past what jobs and connector say: those that some job wants are on the schedule as long as the
 * connector collects, the others are paused and keep their progress. Jobs overtake each other while this is under way, so they are
 * read again at the end, as `settleConnector` does it with the entry. Doing it again changes nothing.
 */
export async function settleBackfill(
  stored: StoredConnector,
  dependencies: SettleBackfillDependencies,
): Promise<void> {
  const { backfills } = dependencies;
  for (let known = await backfills.get(stored.connector); known.jobs.length > 0; ) {
    await settleStreams(known, stored, dependencies);
    const latest = await backfills.get(stored.connector);
    if (latest.version === known.version) return;
    known = latest;
  }
}

async function settleStreams(
  known: Backfill,
  { connector, functions, state }: StoredConnector,
  { clock, connectors, control, findContentType }: SettleBackfillDependencies,
): Promise<void> {
  const { tenant, id: connectorId } = connector;
  const now = clock.now();
  const streams = new Map(
    (await connectors.parts(tenant, connectorId)).map((stream) => [nameOf(stream.id), stream]),
  );
  const collects = state === 'active' && functions.includes('collect');
  const wanted = collects
    ? wantedStreams(connector, findContentType).flatMap((one) => spansOf(one, known))
    : [];
  for (const {
    stream: { contentType, settings },
    span,
  } of wanted) {
    const id = { tenant, connector: connectorId, contentType: contentType.id, part: span.part };
    const stream = streams.get(nameOf(id));
    const own = { ...settings, until: span.to };
    if (stream === undefined || !isDeepStrictEqual(stream.settings, own))
      await connectors.ensureStream(id, { since: span.from, settings: own, nextDueAt: now, now });
    if (stream?.pausedAt !== undefined && stream.watermark < span.to) await control.resume(id, now);
    streams.delete(nameOf(id));
  }
  for (const { id, pausedAt } of streams.values()) if (pausedAt === undefined) await control.pause(id, now);
}

function spansOf(
  stream: WantedStream,
  known: Backfill,
): readonly { readonly stream: WantedStream; readonly span: BackfillSpan }[] {
  const { id } = stream.contentType;
  return (known.spans[id] ?? [])
    .filter((span) => isWanted(id, span, known.jobs))
    .map((span) => ({ stream, span }));
}

function nameOf({ contentType, part }: StreamId): string {
  return `${contentType} ${part}`;
}
