import { snapshot } from '../../engine/readings/snapshot.ts';
import { requiredTextAt } from '../../records/json-fields.ts';
import { type ScopeKind, scopeFields } from '../../records/scope-fields.ts';
import type { ContentType } from '../content-type.ts';
import { newestOf } from './newest.ts';
import { eventTimeAt, hourMs } from './times.ts';

/** What differs between the levels of the console's organisation. */
export interface ScopeLevel {
  /** Also the endpoint's path. */
  readonly id: ScopeKind;
  readonly label: string;
  readonly permission: string;
  /** Most that the oldest console takes. */
  readonly pageSize: number;
  readonly sitesRefused?: string;
}

/** One level of the console's organisation. The lists are short and cannot be asked for what has changed. */
export function scopeSnapshot({ id, label, permission, pageSize, ...rest }: ScopeLevel): ContentType {
  return {
    ...rest,
    id,
    label,
    msgClass: `sentinelone_${id}`,
    index: 'assets',
    permission,
    defaultIntervalMs: hourMs,
    keepsPace: true,
    settleMs: 0,
    lateBecause: 'Nothing is late: it is the present that is read.',
    costs: 'One request per page, every six hours; none in between.',
    reading: snapshot({ path: `/${id}`, sortBy: 'id', pageSize, everyMs: 6 * hourMs }),
    // When one of them was changed last.
    probe: newestOf({ path: `/${id}`, sortBy: 'updatedAt', timeOf: eventTimeAt('updatedAt') }),
    identity: (scope, window) => ({
      id: requiredTextAt(scope, 'id'),
      revision: `snapshot ${new Date(window.from).toISOString()}`,
    }),
    // The record says how things are when it is read, however long ago they were changed.
    eventTime: () => undefined,
    normalize: (scope) => scopeFields(id, scope),
    // `registrationToken`.
    hasSecrets: true,
  };
}
