import { accounts } from './accounts.ts';
import { activities } from './activities.ts';
import { agents } from './agents.ts';
import { agentsSnapshot } from './agents-snapshot.ts';
import { alertChanges } from './alert-changes.ts';
import { alerts } from './alerts.ts';
import type { ContentType } from './content-type.ts';
import { deepVisibility } from './deep-visibility.ts';
import { deviceControlEvents } from './device-control-events.ts';
import { groups } from './groups.ts';
import { rogues } from './rogues.ts';
import { sites } from './sites.ts';
import { threatEvents } from './threat-events.ts';
import { threatNotes } from './threat-notes.ts';
import { threats } from './threats.ts';
import { unifiedAlerts } from './unified-alerts.ts';
import { vulnerabilities } from './vulnerabilities.ts';

/** All content types there are. Adding one is one line here. */
export const contentTypes: readonly ContentType[] = [
  agents,
  agentsSnapshot,
  threats,
  alerts,
  alertChanges,
  threatEvents,
  threatNotes,
  rogues,
  vulnerabilities,
  deepVisibility,
  activities,
  groups,
  sites,
  accounts,
  unifiedAlerts,
  deviceControlEvents,
];

/** Their ids, as users type them. */
export const contentTypeIds: readonly string[] = contentTypes.map(({ id }) => id);

/** The content type with the id, or undefined where there is none. */
export function contentType(id: string): ContentType | undefined {
  return contentTypes.find((candidate) => candidate.id === id);
}

/** The content types with these ids and their companions, each once. Ids that do not exist are passed through. */
export function withCompanions(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.flatMap((id) => [id, ...(contentType(id)?.companions ?? [])]))];
}
