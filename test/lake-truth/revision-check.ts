import type { ContentType } from '../../shared/content-types/content-type.ts';
import type { Check, Judgement, LakeRecord } from './check.ts';
import type { ComparedStream } from './compare.ts';
import { holds } from './fingerprint.ts';
import type { KnownRevision, KnownRevisions } from './known-revision.ts';
import { placementOf } from './placement.ts';

/** Revisions of which the lake needs one, once: where the console names the revision, all that have that name. */
interface Place {
  readonly revisions: readonly KnownRevision[];
  readonly isRequired: boolean;
  found: number;
}

/** Every revision that the console shows in `[since, watermark)` is there exactly once, and nothing else that it never showed. */
export function revisionCheck(type: ContentType, stream: ComparedStream, known: KnownRevisions): Check {
  const { hasRevision, isByTime } = placementOf(stream.truth ?? type.id);
  const isDue = ({ time }: KnownRevision) =>
    Date.parse(time) >= stream.since && Date.parse(time) < stream.watermark;
  const places = new Map<KnownRevision, Place>();
  for (const revisions of known.values()) {
    const groups = hasRevision
      ? Map.groupBy(revisions, ({ revision }) => revision).values()
      : revisions.map((revision) => [revision]);
    for (const group of groups) {
      const isRequired = group.some((revision) => revision.current && isDue(revision));
      const place: Place = { revisions: group, isRequired, found: 0 };
      for (const revision of group) places.set(revision, place);
    }
  }
  const all = new Set(places.values());
  const seen = new Set<string>();

  function see({ key, window, record }: LakeRecord): Judgement {
    const { id, revision } = type.identity(record, window);
    const candidates = (known.get(id) ?? []).filter((one) => !hasRevision || one.revision === revision);
    const [first] = candidates;
    if (first === undefined)
      return {
        problem: `${id} of ${revision} is there, but the console never showed it in this time (${key})`,
      };
    const found = candidates.find((candidate) => holds(record, candidate.fingerprint));
    const place = places.get(found ?? first);
    if (place !== undefined) place.found += 1;
    if (found === undefined)
      return { problem: `${first.name} is not what the console shows (${key})`, time: first.time };
    const { time, name } = found;
    if (!found.closes) seen.add(id);
    const hour = /\/dt=([\d-]+)\/hr=(\d\d)\//.exec(key);
    if (isByTime && !time.startsWith(`${hour?.[1]}T${hour?.[2]}`))
      return { problem: `${name} lies in the wrong hour (${key})`, time };
    return { time };
  }

  function end() {
    const problems: string[] = [];
    let required = 0;
    for (const { revisions, isRequired, found } of all) {
      const isEnd = revisions.some((one) => one.closes && isDue(one) && seen.has(one.id));
      if (isRequired || isEnd) required += 1;
      const [first] = revisions;
      const named = revisions.find(({ current }) => current) ?? first;
      if (named === undefined) continue;
      if ((isRequired || isEnd) && found === 0) problems.push(`${named.name} is missing`);
      if (found > 1) problems.push(`${named.name} is there ${found} times`);
    }
    return { problems, required };
  }

  return { alsoOf: [], see, end };
}
