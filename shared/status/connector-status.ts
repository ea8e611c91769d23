import type { StoredTest } from '../connectivity/test-store.ts';
import { connectorIdText } from '../connectors/connector-id.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import type { ContentType } from '../content-types/content-type.ts';
import type { Stream } from '../engine/stream.ts';
import { type ContentTypeStatus, contentTypeStatus } from './content-type-status.ts';
import { rankOf, type State, worstOf } from './state.ts';

/** A connector and everything that is known about how it works. */
export interface ConnectorStatus {
  /** The connector's id. */
  readonly connector: string;
  readonly tenant: string;
  readonly name: string;
  /** The worst of its content types'; `ok` where it collects none because it only acts. */
  readonly state: State;
  /** Worst first. */
  readonly contentTypes: readonly ContentTypeStatus[];
  readonly lastTest?: StoredTest;
}

/** Where the state of connectors is read: one read for each. */
export interface StatusReader {
  read(connector: {
    readonly tenant: string;
    readonly id: string;
  }): Promise<{ readonly streams: readonly Stream[]; readonly lastTest?: StoredTest | undefined }>;
}

/** @param now epoch milliseconds */
export async function connectorStatus(
  stored: StoredConnector,
  reader: StatusReader,
  findContentType: (id: string) => ContentType | undefined,
  now: number,
): Promise<ConnectorStatus> {
  const { connector, functions, state } = stored;
  const { streams, lastTest } = await reader.read(connector);
  const contentTypes = streams
    .map((stream) => contentTypeStatus(stream, findContentType(stream.id.contentType)?.settleMs ?? 0, now))
    .sort((a, b) => rankOf(a.state) - rankOf(b.state) || (a.contentType < b.contentType ? -1 : 1));
  // Content types that it no longer names are paused and say nothing about it.
  const active = contentTypes.filter((type) => type.state !== 'paused').map((type) => type.state);
  return {
    connector: connectorIdText(connector),
    tenant: connector.tenant,
    name: connector.name,
    state:
      state === 'paused'
        ? 'paused'
        : (worstOf(active) ?? (functions.includes('collect') ? 'starting' : 'ok')),
    contentTypes,
    ...(lastTest === undefined ? {} : { lastTest }),
  };
}
