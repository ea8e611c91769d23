import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { PageRequest } from '../reading.ts';
import { recordsByIds } from './records-by-ids.ts';

/** Records of `/agents` and the like, which other records name by id and know too little of. */
export interface OwnersDeclaration {
  readonly path: string;
  readonly idOf: (record: JsonObject) => string | undefined;
  readonly params: ListParams;
  /** What is wanted of an owner. */
  readonly select: (owner: JsonObject) => JsonObject;
  /** Says which permission the token lacks, and what is not in the records without it. */
  readonly refused: string;
}

export interface Owners {
  /** What was selected; undefined where the console has none with the record's id. */
  of(record: JsonObject): JsonObject | undefined;
  /** The token may not read the owners: the records are there without them. */
  readonly incomplete: ConnectorError | undefined;
}

/** Ids in one request: beyond that its URL is longer than some proxies take. */
const idsPerRequest = 200;
/** Owners kept from page to page; the ones that were asked for first are forgotten beyond that, and asked for again. */
const mostKept = 5_000;
const keyOf = (id: string) => `owner ${id}`;

/** The owners of a page's records. Each is asked for once in a walk, whatever the number of records that name it. */
export async function readOwners(
  records: readonly JsonObject[],
  { path, idOf, params, select, refused }: OwnersDeclaration,
  request: PageRequest,
): Promise<Owners> {
  const { cache } = request;
  const ids = [...new Set(records.map(idOf).filter((id) => id !== undefined))];
  const found = new Map<string, Json>();
  for (const id of ids) {
    const known = cache.get(keyOf(id));
    if (known !== undefined) found.set(id, known);
  }
  const unknown = ids.filter((id) => !found.has(id));
  let incomplete: ConnectorError | undefined;
  for (let at = 0; at < unknown.length && incomplete === undefined; at += idsPerRequest) {
    const asked = unknown.slice(at, at + idsPerRequest);
    try {
      const owners = await recordsByIds(path, asked, params, request);
      const byId = new Map(owners.map((owner) => [textAt(owner, 'id'), owner]));
      for (const id of asked) {
        const owner = byId.get(id);
        const selected = owner === undefined ? null : select(owner);
        found.set(id, selected);
        cache.set(keyOf(id), selected);
      }
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.health !== 'permission') throw error;
      incomplete = withoutOwners(error, refused);
    }
  }
  forgetOldest(cache);
  return {
    of(record) {
      const owner = found.get(idOf(record) ?? '');
      return isObject(owner) ? owner : undefined;
    },
    incomplete,
  };
}

function withoutOwners(cause: ConnectorError, refused: string): ConnectorError {
  return new ConnectorError(
    {
      code: 'owners_refused',
      message: refused,
      health: 'permission',
      retryable: false,
      recommendation: cause.recommendation,
      ...(cause.httpStatus === undefined ? {} : { httpStatus: cause.httpStatus }),
    },
    { cause },
  );
}

function forgetOldest(cache: Map<string, Json>): void {
  const keys = [...cache.keys()].filter((key) => key.startsWith(keyOf('')));
  for (const key of keys.slice(0, Math.max(0, keys.length - mostKept))) cache.delete(key);
}
