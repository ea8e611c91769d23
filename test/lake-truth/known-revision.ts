import type { ContentType } from '../../shared/content-types/content-type.ts';
import type { JsonObject } from '../../shared/json.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { placementOf } from './placement.ts';

/** One revision of one record that the console showed at some time. */
export interface TrueRevision {
  readonly id: string;
  /** By which the record is read, and in whose hour it lies. ISO-8601. */
  readonly time: string;
  /** True when the console shows this revision now; an older one may have been gone before anybody could read it. */
  readonly current: boolean;
  /** True for what says that the record is gone: whoever has the record needs this too, and nobody else does. */
  readonly closes?: boolean;
  readonly record: JsonObject;
}

/** The same as it is looked for in the lake. */
export interface KnownRevision {
  /** What the content type calls the record and the revision; the latter says nothing where it depends on a window. */
  readonly id: string;
  readonly revision: string;
  readonly name: string;
  /** ISO-8601. */
  readonly time: string;
  readonly current: boolean;
  readonly closes: boolean;
  readonly fingerprint: Fingerprint;
}

/** Revisions by the ids of their records, in the order in which they were told. */
export type KnownRevisions = ReadonlyMap<string, readonly KnownRevision[]>;

export async function knownRevisions(
  type: ContentType,
  truth: AsyncIterable<TrueRevision> | Iterable<TrueRevision>,
): Promise<KnownRevisions> {
  const { secrets } = placementOf(type.id);
  const known = new Map<string, KnownRevision[]>();
  for await (const { time, current, closes = false, record } of truth) {
    const identity = type.identity(record, { from: 0, to: 0 });
    const revision = {
      ...identity,
      name: `${identity.id} of ${time}`,
      time,
      current,
      closes,
      fingerprint: fingerprint(asInTheLake(record, secrets)),
    };
    const others = known.get(identity.id);
    if (others === undefined) known.set(identity.id, [revision]);
    else others.push(revision);
  }
  return known;
}

/** The lake says of a secret that there is one, and not which. */
function asInTheLake(record: JsonObject, secrets: readonly string[]): JsonObject {
  const told = secrets.filter((field) => typeof record[field] === 'string' && record[field] !== '');
  return { ...record, ...Object.fromEntries(told.map((field) => [field, '(masked)'])) };
}
