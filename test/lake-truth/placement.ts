import type { JsonObject } from '../../shared/json.ts';
import { fieldAt } from '../../shared/records/json-fields.ts';

/** How the records of a content type lie in the lake, and by what they are judged. */
export interface Placement {
  /** Every revision that the console shows is there once, or the whole list is there now and then, everything once each time. */
  readonly kind: 'revisions' | 'snapshots';
  /** The console says which revision a record is; else the window does in which it was read, and the content tells. */
  readonly hasRevision: boolean;
  /** A record lies in the hour of its own time, and not in that of the walk that brought it. */
  readonly isByTime: boolean;
  /** Fields at top level whose values the lake does not tell. */
  readonly secrets: readonly string[];
  /** Of a content type that reads again what another one had read, and nothing but what has changed since. */
  readonly revisited?: Revisited;
}

/** What is asked for again: as long as it is open. */
export interface Revisited {
  /** The content type that reads it first. */
  readonly contentType: string;
  readonly isOpen: (record: JsonObject) => boolean;
}

const usual: Placement = { kind: 'revisions', hasRevision: true, isByTime: true, secrets: [] };
const scopes: Placement = {
  kind: 'snapshots',
  hasRevision: false,
  isByTime: false,
  secrets: ['registrationToken'],
};

const placements: Readonly<Record<string, Placement>> = {
  agents: { ...usual, secrets: ['licenseKey'] },
  'agents-snapshot': { ...scopes, secrets: ['licenseKey'] },
  groups: scopes,
  sites: scopes,
  accounts: scopes,
  'alert-changes': {
    ...usual,
    hasRevision: false,
    isByTime: false,
    revisited: {
      contentType: 'alerts',
      isOpen: (alert) => fieldAt(alert, 'alertInfo', 'incidentStatus') !== 'Resolved',
    },
  },
  // They lie in the hour of the activity that made the collector look.
  'threat-notes': { ...usual, isByTime: false },
  // They lie in the hour of any change of their threat.
  'threat-events': { ...usual, isByTime: false },
  vulnerabilities: { ...usual, hasRevision: false },
  'vulnerabilities-installed': { ...scopes, secrets: [] },
};

/** @param contentType its id, or what the simulator calls the truth of one of its sources */
export function placementOf(contentType: string): Placement {
  return placements[contentType] ?? usual;
}
