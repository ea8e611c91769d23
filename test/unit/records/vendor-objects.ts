import type { ContentType, RecordSource } from '../../../shared/content-types/content-type.ts';
import type { JsonObject } from '../../../shared/json.ts';

/** A threat as small as it may be, with these fields of `threatInfo` and these others. */
export function threatWith(threatInfo: JsonObject = {}, others: JsonObject = {}): JsonObject {
  return { id: '700', threatInfo: { updatedAt: '2026-11-20T10:00:00Z', ...threatInfo }, ...others };
}

/** Indicators with one tactic each. */
export function indicatorsOf(
  ...tactics: readonly (readonly [name: string, ...techniques: readonly string[]])[]
): readonly JsonObject[] {
  return tactics.map(([name, ...techniques]) => ({
    tactics: [{ name, source: 'MITRE', techniques: techniques.map((technique) => ({ name: technique })) }],
  }));
}

export const source: RecordSource = {
  stream: { tenant: 'acme', connector: 'main', contentType: 'things' },
  settings: {
    tenantName: 'Acme Inc.',
    connectorName: 'Main console',
    intervalMs: 300_000,
    siteIds: [],
    accountIds: [],
  },
  hostUrl: 'https://acme.sentinelone.net',
  window: { from: Date.UTC(2026, 10, 24, 8), to: Date.UTC(2026, 10, 24, 9) },
  writeTime: 5000,
};

/** A content type with nothing in it, to be replaced part by part. */
export function contentTypeWith(parts: Partial<ContentType> = {}): ContentType {
  return {
    id: 'things',
    label: 'Things',
    msgClass: 'sentinelone_things',
    index: 'syslog',
    permission: 'Things.view',
    defaultIntervalMs: 1,
    lateBecause: 'Tests say so.',
    costs: 'Nothing.',
    settleMs: 1,
    probe: () => Promise.reject(new Error('not asked in this test')),
    reading: {
      readPage: () => Promise.reject(new Error('not read in this test')),
      isEmpty: () => Promise.reject(new Error('not read in this test')),
      resume: (position) => position,
      smallerPages: () => undefined,
      sortKey: () => undefined,
    },
    identity: () => ({ id: '1', revision: 'a' }),
    eventTime: () => undefined,
    normalize: () => ({}),
    ...parts,
  };
}
