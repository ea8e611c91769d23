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
  /** Those whose state in the table is damaged, with what to do; absent where there are none. */
  readonly unreadable?: readonly UnreadableState[];
  /** Those that are to be collected and that nobody works on; absent where there are none. */
  readonly unsettled?: UnsettledChange;
  readonly lastTest?: StoredTest;
  /** As the last test has seen it; absent where it could not, or where the token does not expire. */
  readonly token?: TokenLife;
}

/** How long the token lasts. */
export interface TokenLife {
  /** ISO-8601. */
  readonly expiresAt: string;
  /** Whole days from now on; 0 where it has expired. */
  readonly daysLeft: number;
}

/** The connector's entry was written, and what follows from it was not done: whoever did it was interrupted. */
export interface UnsettledChange {
  readonly contentTypes: readonly string[];
  readonly code: 'change_interrupted';
  readonly message: string;
  readonly recommendation: string;
}

export interface UnreadableState {
  readonly contentType: string;
  /** The one that the worker uses for it. */
  readonly code: 'state_malformed';
  readonly message: string;
  readonly recommendation: string;
}

/** What is stored about how a connector works. */
export interface StoredState {
  readonly streams: readonly Stream[];
  /** Streams whose item is not what it must be; one of them must not hide all others. */
  readonly unreadable?: readonly { readonly contentType: string; readonly reason: string }[];
  readonly lastTest?: StoredTest | undefined;
}

/** Where the state of connectors is read: one read for each. */
export interface StatusReader {
  read(connector: { readonly tenant: string; readonly id: string }): Promise<StoredState>;
}

/** @param now epoch milliseconds */
export async function connectorStatus(
  stored: StoredConnector,
  reader: StatusReader,
  findContentType: (id: string) => ContentType | undefined,
  now: number,
): Promise<ConnectorStatus> {
  const { connector, functions, state } = stored;
  const { streams, unreadable = [], lastTest } = await reader.read(connector);
  const contentTypes = streams
    .map((stream) => contentTypeStatus(stream, findContentType(stream.id.contentType)?.settleMs ?? 0, now))
    .sort((a, b) => rankOf(a.state) - rankOf(b.state) || (a.contentType < b.contentType ? -1 : 1));
  // Content types that it no longer names are paused and say nothing about it.
  const active: State[] = contentTypes.filter((type) => type.state !== 'paused').map((type) => type.state);
  const unsettled = unsettledOf(stored, contentTypes, unreadable, now);
  if (unreadable.length > 0 || unsettled.length > 0) active.push('internal');
  return {
    connector: connectorIdText(connector),
    tenant: connector.tenant,
    name: connector.name,
    state:
      state === 'paused'
        ? 'paused'
        : (worstOf(active) ?? (functions.includes('collect') ? 'starting' : 'ok')),
    contentTypes,
    ...(unreadable.length === 0 ? {} : { unreadable: unreadable.map(toldDamage) }),
    ...(unsettled.length === 0 ? {} : { unsettled: toldChange(unsettled) }),
    ...(lastTest === undefined ? {} : { lastTest, ...tokenLife(lastTest, now) }),
  };
}

function tokenLife({ report: { token } }: StoredTest, now: number): { readonly token?: TokenLife } {
  if (token?.expiresAt === undefined) return {};
  const leftMs = Date.parse(token.expiresAt) - now;
  return { token: { expiresAt: token.expiresAt, daysLeft: Math.max(0, Math.floor(leftMs / dayMs)) } };
}

const dayMs = 86_400_000;

/** A change is settled within seconds, and while that is under way there is nothing to tell. */
const settlingMs = 60_000;

function unsettledOf(
  { connector, functions, state, updatedAt }: StoredConnector,
  known: readonly ContentTypeStatus[],
  unreadable: NonNullable<StoredState['unreadable']>,
  now: number,
): readonly string[] {
  if (state !== 'active' || !functions.includes('collect') || now - updatedAt <= settlingMs) return [];
  const worked = known.filter((one) => one.state !== 'paused');
  const names = new Set([...worked, ...unreadable].map(({ contentType }) => contentType));
  return connector.contentTypes.filter((contentType) => !names.has(contentType));
}

function toldChange(contentTypes: readonly string[]): UnsettledChange {
  return {
    contentTypes,
    code: 'change_interrupted',
    message: `The last change of the connector was interrupted: nobody works on ${contentTypes.join(', ')}.`,
    recommendation: 'Send PUT with the settings that it has; that completes the change.',
  };
}

function toldDamage({
  contentType,
  reason,
}: NonNullable<StoredState['unreadable']>[number]): UnreadableState {
  return {
    contentType,
    code: 'state_malformed',
    message: reason,
    recommendation:
      "Repair the attribute in the stream's item of the state table by hand; the log of the worker has more. Nothing is read until then.",
  };
}
