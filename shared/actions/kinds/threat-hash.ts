import { textAt } from '../../records/json-fields.ts';
import type { Reason, Subject } from '../subject.ts';

/** The SHA1 of the threat's file, in lower case; undefined for threats without a file. */
export function sha1Of({ record }: Subject): string | undefined {
  const sha1 = textAt(record, 'threatInfo', 'sha1')?.trim().toLowerCase();
  return sha1 !== undefined && /^[0-9a-f]{40}$/.test(sha1) ? sha1 : undefined;
}

/** Why a threat without a file cannot be on a blocklist. */
export const withoutHash: Reason = {
  code: 'threat_has_no_hash',
  message: 'The threat has no SHA1 (threatInfo.sha1); the blocklist blocks files by theirs.',
  recommendation: 'Threats without a file are stopped with kill, or with a custom rule.',
};
