import type { ContentType } from '../content-types/content-type.ts';
import type { StreamSettings } from '../engine/stream.ts';
import { filtersFor } from '../filters/filters-for.ts';
import type { Connector } from '../ports.ts';
import { intervalMsOf } from './interval.ts';

/** A stream that a connector is to have. */
export interface WantedStream {
  readonly contentType: ContentType;
  readonly settings: StreamSettings;
}

/**
 * A stream for each content type that the connector names and for their companions, each once, with what it must know of the connector.
 * Throws a plain Error for a content type that does not exist; the caller validates its input before.
 */
export function wantedStreams(
  connector: Connector,
  findContentType: (id: string) => ContentType | undefined,
): readonly WantedStream[] {
  const find = (id: string) => {
    const contentType = findContentType(id);
    if (contentType === undefined)
      throw new Error(`Connector ${connector.id} names the unknown content type ${id}.`);
    return contentType;
  };
  const named = connector.contentTypes.map(find);
  const companions = named.flatMap((contentType) => (contentType.companions ?? []).map(find));
  const ownerOf = (id: string) => named.find((other) => other.companions?.includes(id));
  return [...new Set([...named, ...companions])].map((contentType) => ({
    contentType,
    settings: {
      tenantName: connector.tenantName,
      connectorName: connector.name,
      intervalMs: intervalMsOf(contentType, connector),
      siteIds: connector.siteIds,
      accountIds: connector.accountIds,
      ...optionsFor(contentType, ownerOf(contentType.id), connector),
      ...filtersOf(contentType, ownerOf(contentType.id), connector),
    },
  }));
}

/** A companion is another way to the same data, so what is said of the content type that names it goes for both. */
function optionsFor(contentType: ContentType, owner: ContentType | undefined, { options }: Connector) {
  const { intervalMinutes: _, ...shared } = options?.[owner?.id ?? ''] ?? {};
  const own = { ...shared, ...options?.[contentType.id] };
  return Object.keys(own).length === 0 ? {} : { options: own };
}

/** Where no filter applies the setting is absent, and no record is looked at. */
function filtersOf(contentType: ContentType, owner: ContentType | undefined, { filters = [] }: Connector) {
  const own = filtersFor(filters, contentType.id, ...(owner === undefined ? [] : [owner.id]));
  return own.length === 0 ? {} : { filters: own };
}
