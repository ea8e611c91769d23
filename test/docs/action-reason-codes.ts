/** When a reason of the catalogue is found: before a command is sent, in the console's answer, or in a look at what became of it. */
export type ReasonFound = 'before' | 'answer' | 'look';

/** The reason codes that the catalogue of response actions makes, and what they mean; a test compares them with the sources. */
export const actionReasonCodes: Readonly<Record<string, readonly [found: ReasonFound, meaning: string]>> = {
  agent_decommissioned: ['before', 'The agent is decommissioned.'],
  agent_uninstalled: ['before', 'The agent was uninstalled.'],
  endpoint_gone: ['before', 'The console no longer has the endpoint that the threat was found on.'],
  os_not_supported: [
    'before',
    'The action is not for the operating system, or the console does not tell which it is. For remediate: quarantine is done in its place.',
  ],
  not_dynamic: [
    'before',
    'For remediate: the threat was not detected by what it did; quarantine is done in its place.',
  ],
  detection_type_unknown: [
    'before',
    'For remediate: the console does not tell how the threat was detected; quarantine is done in its place.',
  ],
  scan_running: ['before', 'A scan runs already, nobody knows whose.'],
  no_scan_running: ['before', 'There is no scan to abort.'],
  threat_has_no_hash: ['before', 'The threat has no SHA1 that a blocklist could block.'],
  os_unknown: [
    'before',
    'The console does not tell the operating system of the threat, and a blocklist has entries for one each.',
  ],
  scope_unknown: ['before', 'The console does not tell to which site, account or group the threat belongs.'],
  blocklist_entry_shared: [
    'before',
    'The entry of the blocklist belongs to other scopes as well, and is not removed from here.',
  ],
  not_permitted: ['answer', 'The role of the token’s user lacks the permission for this target.'],
  not_supported: ['answer', 'The agent, or the kind of threat, does not support the action.'],
  precondition_not_met: ['answer', 'What has to come before the action is not there.'],
  conditions_not_met: ['answer', 'The console’s conditions for the change are not met.'],
  refused_by_console: ['answer', 'The console said no with another word; the message has it.'],
  isolation_failed: ['look', 'The agent could not isolate the endpoint.'],
  scan_aborted: ['look', 'The scan was aborted before its end.'],
  mitigation_failed: ['look', 'The agent could not do it.'],
  partly_done: ['look', 'The agent could do only a part of it; the message has the counters.'],
  reboot_pending: ['look', 'The agent finishes it when the endpoint is restarted; not an end.'],
};
