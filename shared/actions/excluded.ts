/** Something that the console can do and playbooks cannot, on purpose. */
export interface ExcludedAction {
  /** As it would be called. */
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

/** What is left out, and why. */
export const excludedActions: readonly ExcludedAction[] = [
  {
    id: 'uninstall',
    title: 'Uninstall the agent',
    reason: 'Takes the protection away, and cannot be undone from here: the agent has to be installed again.',
  },
  {
    id: 'shutdown',
    title: 'Shut the endpoint down',
    reason:
      'Nothing can switch the endpoint on again from here, and evidence in its memory is lost. contain stops an attack and keeps the agent reachable.',
  },
  {
    id: 'decommission',
    title: 'Decommission the agent',
    reason:
      'Hides an endpoint from the console, and ends nothing on it; it comes back by itself with its next message.',
  },
  {
    id: 'disable-agent',
    title: 'Disable the agent',
    reason:
      'Takes the protection away. A caller who could do it by mistake, or by a stolen key, could do it everywhere.',
  },
  {
    id: 'approve-uninstall',
    title: "Approve a user's request to uninstall",
    reason:
      'Takes the protection away at the request of whoever sits at the endpoint; a person has to decide it.',
  },
  {
    id: 'move-to-console',
    title: 'Move the agent to another console',
    reason:
      'The endpoint is out of sight and out of reach afterwards, so that neither outcome nor way back can be had.',
  },
  {
    id: 'move-to-site',
    title: 'Move the agent to another site or group',
    reason: 'Changes which policy protects the endpoint, and who may see it; administration, not response.',
  },
  {
    id: 'update-software',
    title: 'Update or downgrade the agent',
    reason:
      'A downgrade takes protection away, and an update is rollout work with its own policy in the console.',
  },
  {
    id: 'set-config',
    title: "Change the agent's configuration",
    reason: 'Can switch off any part of the protection, and the console does not show what was changed.',
  },
  {
    id: 'randomize-uuid',
    title: 'Give the agent a new UUID',
    reason: 'Cuts the endpoint off from its own history, and the old UUID does not come back.',
  },
  {
    id: 'reset-passphrase',
    title: "Reset the agent's passphrase",
    reason: 'The old passphrase does not come back, and whoever keeps it for emergencies stands without.',
  },
  {
    id: 'remote-shell',
    title: 'Open a remote shell',
    reason:
      'A shell can do anything and has no outcome that could be seen. The console wants a second factor of a person for it.',
  },
  {
    id: 'run-script',
    title: 'Run a script',
    reason:
      'What a script does is known by its text only: whether it has worked cannot be told in general, and it has no way back.',
  },
  {
    id: 'fetch-file',
    title: 'Fetch a file from the endpoint',
    reason:
      'Brings files of users and malware into the hands of whoever has the key, under a password that would have to pass through here.',
  },
  {
    id: 'add-to-exclusions',
    title: 'Exclude a file or path from detection',
    reason: 'Each exclusion is a hole in the protection; a person has to decide how large it is.',
  },
  {
    id: 'tenant-blocklist',
    title: 'Block a file on the whole console',
    reason:
      'A wrong hash would stop a program at all customers of the console at once. The blocklists of site, account and group are enough for a response.',
  },
  {
    id: 'remove-macros',
    title: 'Remove or restore macros of a document',
    reason: 'No source tells how the console shows its end.',
  },
  {
    id: 'container-network-disconnect',
    title: 'Isolate a container',
    reason: 'The console answers with success at once, and no source tells which field shows the end.',
  },
  {
    id: 'delete-note',
    title: 'Change or delete a note',
    reason: 'Notes are a record of what was thought; nothing is taken out of it from here.',
  },
];
