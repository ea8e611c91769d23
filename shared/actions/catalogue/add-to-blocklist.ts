import { ActionCall } from '../action-call.ts';
import { actionType } from '../action-type.ts';
import { blocklistEntries, entriesOn, entryEvidence } from '../kinds/blocklist-entries.ts';
import { type BlocklistScope, blocklistParameters, withoutList } from '../kinds/blocklist-scope.ts';
import { type ResultMeanings, resultAcceptance } from '../kinds/result-answer.ts';
import { withoutHash } from '../kinds/threat-hash.ts';
import type { Evidence, Reason, Subject } from '../subject.ts';

const refused = (word: string): Reason => ({
  code: 'refused_by_console',
  message: `The console could not put the threat's file on the blocklist (${word}).`,
  recommendation: 'Try it at the console, which may say more.',
});

const results: ResultMeanings = {
  created: 'accepted',
  already_exists: 'accepted',
  threat_has_no_hash: withoutHash,
  empty_value: withoutHash,
  unknown_failure: refused('unknown_failure'),
  disabled_endpoint: refused('disabled_endpoint'),
};

/** Keeps the files of threats from running anywhere in a group, site or account. */
export const addToBlocklist = actionType({
  id: 'add-to-blocklist',
  title: "Block the threat's file",
  description:
    "Puts the SHA1 of the threat's file on the blocklist of its site, account or group, for the operating system that it was found on: no agent there lets it run any more. Safelist and approvals look at the endpoint that the threat was seen on, and at no other of the list.",
  target: 'threat',
  danger: 'disruptive',
  permission: 'Blacklist.create',
  permissionToSee: 'Blacklist.view',
  parameters: blocklistParameters,
  example: { scope: 'site' },
  doneWhen:
    "The blocklist of the scope (`GET /restrictions`) has an entry with the threat's SHA1 for its operating system.",
  typicalSeconds: 5,
  timeoutMinutes: 10,
  needsEndpoint: false,
  isRepeatable: true,
  activityTypes: [],
  revertedBy: ['remove-from-blocklist'],
  reach: ({ scope }) => scope,
  unsuitable: (subject, { scope }) => withoutList(subject, scope),
  reached: (subject, { scope }) => evidenceOf(subject, scope),
  related: blocklistEntries,
  call: (subjects, { scope }) =>
    ActionCall.of(
      'POST',
      '/threats/add-to-blacklist',
      subjects.map(({ id }) => id),
      { targetScope: scope },
    ),
  acceptance: (answer, subjects) => resultAcceptance(answer, subjects, results),
  before: () => ({}),
  observe({ subject, parameters: { scope } }) {
    const evidence = evidenceOf(subject, scope);
    return evidence === undefined ? { kind: 'nothing' } : { kind: 'done', evidence };
  },
  revert: (_, { scope }) => ({ action: 'remove-from-blocklist', parameters: { scope } }),
});

function evidenceOf(subject: Subject, scope: BlocklistScope): readonly Evidence[] | undefined {
  const entries = entriesOn(subject, scope);
  return entries.length === 0 ? undefined : entries.map(entryEvidence);
}
