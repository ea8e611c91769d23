import { isObject, type JsonObject } from '../../json.ts';
import type { SentinelOneApi } from '../../ports.ts';
import { enumAt, textAt } from '../../records/json-fields.ts';
import type { Evidence, Subject } from '../subject.ts';
import { type BlocklistScope, isOnListOf, scopeIdOf } from './blocklist-scope.ts';
import { osOf } from './endpoint-state.ts';
import { timeOf } from './evidence.ts';
import { sha1Of } from './threat-hash.ts';

/** An address must not become too long. */
const hashesInOneCall = 50;
const pageSize = 1_000;

/**
 * The entries of blocklists with the SHA1s of threats: of their sites, and of the groups and accounts below and above them.
 * @returns by the subject's id; failures are `ConnectorError`s
 */
export async function blocklistEntries(
  subjects: readonly Subject[],
  api: SentinelOneApi,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const found = new Map<string, JsonObject[]>();
  for (const [site, hashes] of hashesBySite(subjects)) {
    for (let from = 0; from < hashes.length; from += hashesInOneCall) {
      const some = hashes.slice(from, from + hashesInOneCall);
      for (const entry of await listEntries(site, some, api, signal)) {
        const sha1 = textAt(entry, 'value')?.trim().toLowerCase();
        if (sha1 !== undefined)
          found.set(`${site} ${sha1}`, [...(found.get(`${site} ${sha1}`) ?? []), entry]);
      }
    }
  }
  return new Map(
    subjects.map((subject) => [
      subject.id,
      found.get(`${scopeIdOf(subject, 'site')} ${sha1Of(subject)}`) ?? [],
    ]),
  );
}

/**
 * Those of the entries read that block the threat's file on the list, for its operating system. An entry is for one only, so none is
 * where it is not known which.
 */
export function entriesOn(subject: Subject, scope: BlocklistScope): readonly JsonObject[] {
  const id = scopeIdOf(subject, scope);
  const os = osOf(subject);
  if (id === undefined || os === undefined) return [];
  return (subject.related ?? []).filter(
    (entry) => isOnListOf(entry, scope, id) && enumAt(entry, 'osType') === os,
  );
}

/** The id that a removal names it by; undefined for what is none. */
export function entryId(entry: JsonObject): string | undefined {
  const id = textAt(entry, 'id');
  return id !== undefined && /^\d{1,24}$/.test(id) ? id : undefined;
}

/** That an entry is there. */
export function entryEvidence(entry: JsonObject): Evidence {
  const id = textAt(entry, 'id');
  return {
    source: 'restriction',
    field: 'value',
    value: textAt(entry, 'value') ?? null,
    ...timeOf(entry['createdAt']),
    ...(id === undefined ? {} : { id }),
  };
}

function hashesBySite(subjects: readonly Subject[]): ReadonlyMap<string, readonly string[]> {
  const bySite = new Map<string, string[]>();
  for (const subject of subjects) {
    const site = scopeIdOf(subject, 'site');
    const sha1 = sha1Of(subject);
    const hashes = site === undefined ? [] : (bySite.get(site) ?? []);
    if (site === undefined || sha1 === undefined || hashes.includes(sha1)) continue;
    bySite.set(site, [...hashes, sha1]);
  }
  return bySite;
}

/** `value=` minds the case of the hash, `value__contains` does not. */
async function listEntries(
  site: string,
  hashes: readonly string[],
  api: SentinelOneApi,
  signal: AbortSignal | undefined,
): Promise<readonly JsonObject[]> {
  const params = {
    type: 'black_hash',
    value__contains: hashes.join(','),
    siteIds: site,
    includeParents: 'true',
    includeChildren: 'true',
    limit: String(pageSize),
  };
  const entries: JsonObject[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await api.list(
      '/restrictions',
      { ...params, ...(cursor === undefined ? {} : { cursor }) },
      signal,
    );
    entries.push(...page.data.filter(isObject));
    cursor = page.nextCursor;
    if (cursor !== undefined && seen.has(cursor)) break;
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return entries;
}
