import type { JsonObject } from '../../json.ts';
import { enumAt, isTrueAt } from '../../records/json-fields.ts';
import type { Reason, Subject } from '../subject.ts';
import { consoleWords } from './console-words.ts';

export const windows = ['windows', 'windows_legacy'] as const;
export const windowsAndMacos = [...windows, 'macos'] as const;

/** The endpoint's record; undefined where the console no longer has it. */
export function endpointOf({ kind, record, agent }: Subject): JsonObject | undefined {
  return kind === 'agent' ? record : agent;
}

/** Why nothing can be done at the endpoint, where it has no agent any more that would do it. */
export function withoutAgent(subject: Subject): Reason | undefined {
  const endpoint = endpointOf(subject);
  if (endpoint === undefined) {
    return {
      code: 'endpoint_gone',
      message: 'The console no longer has the endpoint.',
      recommendation:
        'Look in the console whether it was decommissioned; if it has a new agent, name that one.',
    };
  }
  if (isTrueAt(endpoint, 'isUninstalled')) {
    return {
      code: 'agent_uninstalled',
      message: 'The agent was uninstalled from the endpoint (isUninstalled).',
      recommendation: 'Install the agent again, or act on the endpoint with other means.',
    };
  }
  if (isTrueAt(endpoint, 'isDecommissioned')) {
    return {
      code: 'agent_decommissioned',
      message: 'The agent is decommissioned (isDecommissioned).',
      recommendation:
        'The console takes it back when it next communicates; ask for the action again then, or recommission it.',
    };
  }
  return undefined;
}

/** `windows`, `windows_legacy`, `macos`, `linux`; of a threat as the console has it now. */
export function osOf(subject: Subject): string | undefined {
  const ofThreat =
    subject.kind === 'threat' ? enumAt(subject.record, 'agentRealtimeInfo', 'agentOsType') : undefined;
  return ofThreat ?? enumAt(endpointOf(subject), 'osType');
}

/** Why it cannot be done on the endpoint's operating system. One that the console does not tell is not supported. */
export function withoutSupport(
  subject: Subject,
  operatingSystems: readonly string[] | undefined,
): Reason | undefined {
  const os = osOf(subject);
  if (operatingSystems === undefined || (os !== undefined && operatingSystems.includes(os))) return undefined;
  return {
    code: 'os_not_supported',
    message: `It is for ${operatingSystems.join(', ')} only, and ${osFound(os)}.`,
    recommendation: 'Name only endpoints with these operating systems, or take another action.',
  };
}

/** What the console says of an operating system, within a sentence. */
export function osFound(os: string | undefined): string {
  return os === undefined
    ? 'the console does not tell the operating system'
    : `the operating system is ${consoleWords(os)}`;
}
