import type { ContentType } from '../content-types/content-type.ts';
import { withPermissionNamed } from '../engine/permission-advice.ts';
import { scopeOf } from '../engine/scope.ts';
import { ConnectorError } from '../errors.ts';
import type { Connector, SentinelOneApi } from '../ports.ts';
import { ageText } from './age.ts';
import type { Finding } from './finding.ts';

export interface ContentTypeQuestion {
  readonly contentType: ContentType;
  readonly connector: Pick<Connector, 'siteIds' | 'accountIds' | 'options'>;
  readonly api: SentinelOneApi;
  readonly signal: AbortSignal;
  /** The present by the console's clock, epoch milliseconds. */
  readonly now: () => number;
}

/** Whether the token may read a content type, whether the licence has it, and how old its newest record is. */
export async function contentTypeFinding(question: ContentTypeQuestion): Promise<Finding> {
  const { contentType, connector, api, signal, now } = question;
  const { siteIds, accountIds, options } = connector;
  try {
    const { newestAt, note } = await contentType.probe({
      api,
      signal,
      // The names and the pace of a stream have no part in its scope.
      scope: scopeOf(contentType, { siteIds, accountIds, tenantName: '', connectorName: '', intervalMs: 0 }),
      options: options?.[contentType.id] ?? {},
    });
    const age = newestAt === undefined ? undefined : `newest record ${ageText(now() - newestAt)}`;
    const words = [age, note].filter((text) => text !== undefined);
    return { ok: true, detail: words.length === 0 ? 'no record yet' : words.join('; ') };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw withPermissionNamed(error, contentType);
  }
}
