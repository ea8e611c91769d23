import { setTimeout as delay } from 'node:timers/promises';
import { contentType } from '../../shared/content-types/registry.ts';
import type { Stream } from '../../shared/engine/stream.ts';
import type { Connector, ConnectorStore } from '../../shared/ports.ts';
import { Progress } from './progress.ts';
import { streamEnd } from './stream-end.ts';

/** The streams that a command is about. */
export interface Followed {
  readonly connector: Connector;
  readonly connectors: ConnectorStore;
  readonly contentTypes: readonly string[];
  /** The command's start, epoch milliseconds: what the console had shown by then is to be in the lake. */
  readonly startedAt: number;
}

export interface End {
  readonly streams: readonly Stream[];
  /** How each of them stands, in the same order. */
  readonly ends: readonly ReturnType<typeof streamEnd>[];
}

const pollMs = 500;

/** How the streams stand now. */
export async function endOf({ connector, connectors, contentTypes, startedAt }: Followed): Promise<End> {
  const all = await connectors.streams(connector.tenant, connector.id);
  const streams = all.filter(({ id }) => contentTypes.includes(id.contentType));
  const now = Date.now();
  const ends = streams.map((stream) => {
    const settleMs = contentType(stream.id.contentType)?.settleMs ?? 0;
    return streamEnd(stream, startedAt - settleMs, now);
  });
  return { streams, ends };
}

/** Shows progress until every stream is complete or has failed, if that is asked for, or until interrupted. */
export async function follow(
  followed: Followed,
  options: {
    readonly say: (line: string) => void;
    readonly untilComplete: boolean;
    readonly interrupted: AbortSignal;
  },
): Promise<void> {
  const progress = new Progress(options.say);
  for (;;) {
    const { streams, ends } = await endOf(followed);
    progress.show(streams, Date.now());
    if (options.interrupted.aborted) return;
    if (options.untilComplete && !ends.includes('working')) return;
    // An interruption ends the pause at once.
    await delay(pollMs, undefined, { signal: options.interrupted }).catch(() => undefined);
  }
}
