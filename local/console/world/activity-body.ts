import type { JsonObject } from '../../../shared/json.ts';
import type { ActivityType } from './activity-types.ts';
import type { AgentIdentity } from './agent-identity.ts';
import type { DeedActivity } from './deeds/deed-activities.ts';
import type { User } from './deeds/user.ts';
import { recordId } from './ids.ts';
import { formatMicros, micros } from './micro-time.ts';
import type { Account, Group } from './organisation.ts';
import { draws, purpose } from './random.ts';
import { rawNumber } from './raw-number.ts';
import type { DetectedFile } from './threat-file.ts';
import { analysts } from './vocabulary.ts';

/** Everything that an activity's body is made from. */
export interface ActivityFacts {
  readonly seed: number;
  readonly record: number;
  readonly type: ActivityType;
  readonly id: string;
  /** Microseconds. */
  readonly createdUs: number;
  readonly account: Account | undefined;
  readonly group: Group | undefined;
  readonly host: AgentIdentity | undefined;
  readonly threat: { readonly id: string; readonly file: DetectedFile } | undefined;
  readonly deed?: DeedActivity;
}

/** The activity as `GET /activities` answers it; the ids inside `data` are numbers that no double holds. */
export function activityBody(facts: ActivityFacts): JsonObject {
  const { type, id, createdUs, account, group, host, threat } = facts;
  const draw = draws(facts.seed, purpose.activityBody, facts.record, 5);
  const analyst = draw.pick(analysts);
  const user = facts.deed?.user ?? {
    id: recordId((account?.createdUs ?? createdUs) + micros.hour, 100 + analysts.indexOf(analyst)),
    name: analyst,
  };
  const byUser = type.description.includes('{user}');
  return {
    accountId: account?.id ?? null,
    accountName: account?.name ?? null,
    activityType: type.id,
    activityUuid: `${draw.hex(8)}-${draw.hex(4)}-5${draw.hex(3)}-b${draw.hex(3)}-${draw.hex(12)}`,
    agentId: host?.id ?? draw.pick([null, '']),
    agentUpdatedVersion: null,
    comments: null,
    createdAt: formatMicros(createdUs),
    data: { ...data(facts, user, recordId(createdUs, 3 * facts.record + 1)), ...facts.deed?.data?.(id) },
    description: draw.pick([null, '']),
    groupId: group?.id ?? null,
    groupName: group?.name ?? null,
    hash: threat === undefined ? null : threat.file.sha1 || null,
    id,
    osFamily: host?.os.type ?? null,
    primaryDescription: type.description
      .replace('{user}', user.name)
      .replace('{host}', host?.computerName ?? '')
      .replace('{file}', threat === undefined ? '' : threat.file.sample.name),
    secondaryDescription: threat === undefined ? null : threat.file.sha1,
    siteId: group?.site.id ?? null,
    siteName: group?.site.name ?? null,
    threatId: threat?.id ?? draw.pick([null, '']),
    // The row is written a little before it is published.
    updatedAt: formatMicros(createdUs - 1_000 - draw.below(29_000)),
    userId: byUser ? user.id : null,
  };
}

function data({ type, account, group, host, threat }: ActivityFacts, user: User, ownId: string): JsonObject {
  const scope: JsonObject = {
    accountName: account?.name ?? null,
    fullScopeDetailsPath: ['Global', account?.name, group?.site.name, group?.name]
      .filter(Boolean)
      .join(' / '),
    groupName: group?.name ?? null,
    scopeId: rawNumber(group?.id ?? account?.id ?? '0'),
    scopeLevel: group === undefined ? 'Account' : 'Group',
    siteName: group?.site.name ?? null,
  };
  if (type.id === 3608) {
    return {
      ...scope,
      agentid: rawNumber(host?.id ?? '0'),
      alertid: rawNumber(ownId),
      detectedat: 1_797_206_400_000,
      ruleId: rawNumber(String(BigInt(ownId) - 9n)),
      ruleid: rawNumber(String(BigInt(ownId) - 9n)),
      rulename: 'Encoded PowerShell – “rundll” 🐚',
      rulescopeid: rawNumber(group?.site.id ?? '0'),
      rulescopelevel: 'E_SITE',
      severity: 'E_CRITICAL',
    };
  }
  if (type.subject === 'account')
    return {
      ...scope,
      ipAddress: '198.51.100.7',
      role: 'Admin',
      source: 'mgmt',
      userId: rawNumber(user.id),
      username: user.name,
    };
  if (threat === undefined)
    return { ...scope, computerName: host?.computerName ?? null, commandId: rawNumber(ownId) };
  return {
    ...scope,
    computerName: host?.computerName ?? null,
    fileContentHash: threat.file.sha1,
    fileDisplayName: threat.file.sample.name,
    globalStatus: 'success',
    userId: rawNumber(user.id),
  };
}
