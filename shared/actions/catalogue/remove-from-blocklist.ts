import type { JsonObject } from '../../json.ts';
import { fieldAt, listAt, textAt } from '../../records/json-fields.ts';
import { ActionCall } from '../action-call.ts';
import { type Acceptance, actionType } from '../action-type.ts';
import { blocklistEntries, entriesOn, entryId } from '../kinds/blocklist-entries.ts';
import {
  type BlocklistScope,
  blocklistParameters,
  isOnSeveralLists,
  withoutList,
} from '../kinds/blocklist-scope.ts';
import type { Evidence, Reason, Subject } from '../subject.ts';

/** Lets the files of threats run again in a group, site or account. */
export const removeFromBlocklist = actionType({
  id: 'remove-from-blocklist',
  title: "Unblock the threat's file",
  description:
    "Takes the SHA1 of the threat's file off the blocklist of its site, account or group, for the operating system that it was found on. Entries of other scopes stay, and may still block it.",
  target: 'threat',
  danger: 'endpoint',
  permission: 'Blacklist.delete',
  permissionToSee: 'Blacklist.view',
  parameters: blocklistParameters,
  example: { scope: 'site' },
  doneWhen:
    "The blocklist of the scope (`GET /restrictions`) has no entry with the threat's SHA1 for its operating system any more.",
  typicalSeconds: 5,
  timeoutMinutes: 10,
  needsEndpoint: false,
  isRepeatable: true,
  activityTypes: [],
  revertedBy: ['add-to-blocklist'],
  reach: ({ scope }) => scope,
  unsuitable: (subject, { scope }) => withoutList(subject, scope) ?? withoutOwnEntry(subject, scope),
  reached: (subject, { scope }) => nothingLeft(subject, scope, []),
  related: blocklistEntries,
  call: (subjects, { scope }) =>
    ActionCall.of(
      'DELETE',
      '/restrictions',
      [...new Set(subjects.flatMap((subject) => ownIds(subject, scope)))],
      { type: 'black_hash' },
      'data',
    ),
  acceptance: allOrUnknown,
  // The list is in no order.
  before: ({ related = [] }) => ({ entries: related.flatMap((entry) => entryId(entry) ?? []).toSorted() }),
  observe({ subject, before, parameters: { scope } }) {
    const gone = listAt(before, 'entries').flatMap((id) => textAt(id) ?? []);
    const evidence = nothingLeft(subject, scope, gone);
    return evidence === undefined ? { kind: 'nothing' } : { kind: 'done', evidence };
  },
  revert: (_, { scope }) => ({ action: 'add-to-blocklist', parameters: { scope } }),
});

/** The entries that are on this list and on no other: taking one off other lists was not asked for. */
function ownIds(subject: Subject, scope: BlocklistScope): readonly string[] {
  return entriesOn(subject, scope)
    .filter((entry) => !isOnSeveralLists(entry))
    .flatMap((entry) => entryId(entry) ?? []);
}

function withoutOwnEntry(subject: Subject, scope: BlocklistScope): Reason | undefined {
  if (ownIds(subject, scope).length === entriesOn(subject, scope).length) return undefined;
  return {
    code: 'blocklist_entry_shared',
    message:
      "An entry that blocks the threat's file belongs to other scopes as well, so that it is not removed from here.",
    recommendation: 'Remove it at the console, where all of its scopes are seen.',
  };
}

/** @param gone the entries that were there before */
function nothingLeft(
  subject: Subject,
  scope: BlocklistScope,
  gone: readonly string[],
): readonly Evidence[] | undefined {
  // What was not read says nothing, nor does a list of which nobody knows which entries are the threat's.
  if (subject.related === undefined || withoutList(subject, scope) !== undefined) return undefined;
  if (entriesOn(subject, scope).length > 0) return undefined;
  const left = new Set(subject.related.map(entryId));
  const nothing: Evidence = { source: 'restriction', field: 'value', value: null };
  const removed = gone.filter((id) => !left.has(id)).map((id) => ({ ...nothing, id }));
  return removed.length === 0 ? [nothing] : removed;
}

/** The count is of entries, not of threats: only none, and as many as there were threats or more, say something. */
function allOrUnknown(answer: JsonObject, subjects: readonly Subject[]): ReadonlyMap<string, Acceptance> {
  const affected = fieldAt(answer, 'data', 'affected');
  const each = (acceptance: Acceptance) => new Map(subjects.map(({ id }) => [id, acceptance]));
  if (affected === 0) return each({ kind: 'refused' });
  if (typeof affected !== 'number') return each({ kind: 'unknown' });
  return each({
    kind: 'accepted',
    evidence: [{ source: 'answer', field: 'data.affected', value: affected }],
  });
}
