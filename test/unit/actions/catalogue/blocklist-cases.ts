import type { Subject } from '../../../../shared/actions/subject.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { threatSubject } from './trying-out.ts';

/** The SHA1 of the threat that the tests have. */
export const sha1 = '02699626f388ed830012e5b787640e71c56d42d8';

/** An entry of a blocklist, of the threat's site and for Windows where nothing else is said. */
export function restriction(id: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    type: 'black_hash',
    value: sha1,
    osType: 'windows',
    scope: { siteIds: ['601'] },
    createdAt: '2026-11-26T10:00:01.000001Z',
    ...fields,
  };
}

/** The threat, with these entries read. */
export function blocked(...related: readonly JsonObject[]): Subject {
  return threatSubject({}, { related });
}
