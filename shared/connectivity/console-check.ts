import { fieldAt } from '../records/json-fields.ts';
import type { Finding } from './finding.ts';
import { isBeyondToken, type Outcome } from './outcome.ts';
import type { ConsoleFacts } from './report.ts';
import { shortText } from './short-text.ts';

const fields = ['version', 'build', 'release', 'patch', 'latestAgentVersion'] as const;

/** What the console says about itself. */
export function consoleFacts(info: Outcome, apiToken: string): ConsoleFacts {
  if (info.kind === 'refused') return {};
  const data = fieldAt(info.json, 'data');
  const known = fields.map((field) => [field, shortText(data, apiToken, field)] as const);
  return Object.fromEntries(known.filter(([, text]) => text !== undefined));
}

/** Which version the console has. Not to be told is no failure. */
export function consoleFinding(info: Outcome, { version, release }: ConsoleFacts): Finding {
  if (info.kind === 'refused' && info.error.httpStatus !== 401 && !isBeyondToken(info.error))
    throw info.error;
  if (version === undefined) return { ok: true, detail: 'the version is not visible to this token' };
  return { ok: true, detail: `version ${version}${release === undefined ? '' : ` (${release})`}` };
}
