import { creatorName } from '../access/create-key.ts';
import { isRecordUid } from '../actions/targets/record-target.ts';
import type { AuditLog, AuditRecord } from '../audit/audit-log.ts';
import { connectorIdText } from '../connectors/connector-id.ts';
import { idProblem } from '../connectors/names.ts';
import { ConnectorError } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import type { Clock, Log } from '../ports.ts';
import { maskSecrets } from '../records/mask-secrets.ts';
import { redact } from '../sentinelone/redact.ts';
import { namedTenants } from './named-tenant.ts';
import { ApiProblem } from './problem.ts';
import type { Answer, Call, Route } from './route.ts';

/** Where the trail goes, and what is said where its end cannot be kept. */
export interface AuditTrailDependencies {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps what a call asks for before it is done, and afterwards what became of it: a call that nothing is known of has not been
 * done, and of one without an outcome it must be looked up. Throws where the first cannot be kept. The second can no longer undo
 * anything, so the caller hears what became of the call, and the log that it is missing in the trail.
 */
export async function auditTrail(
  route: Route,
  call: Call<object, object>,
  { audit, clock, log }: AuditTrailDependencies,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  const base = baseRecord(route, call);
  async function end(outcome: Pick<AuditRecord, 'step' | 'status' | 'code'>): Promise<void> {
    try {
      await audit.append({ ...base, at: clock.now(), ...outcome });
    } catch (error) {
      log.error('What became of a call could not be kept in the audit trail.', {
        requestId: base.requestId,
        operation: base.operation,
        step: outcome.step,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
  await audit.append({ ...base, at: call.now, step: 'requested' });
  let answer: Answer;
  try {
    answer = await handle();
  } catch (error) {
    await end(
      error instanceof ApiProblem
        ? { step: 'refused', status: error.details.status, code: error.details.code }
        : { step: 'failed', code: error instanceof ConnectorError ? error.code : 'internal_error' },
    );
    throw error;
  }
  await end({ step: 'succeeded', status: answer.status });
  return answer;
}

function baseRecord({ id }: Route, call: Call<object, object>): Omit<AuditRecord, 'at' | 'step'> {
  const { principal, connector, params, query, request, body } = call;
  // What is no id has no place in an object's key.
  const named = namedTenants(params, query, body).find(({ tenant }) => idProblem(tenant) === undefined);
  const tenant = connector?.connector.tenant ?? named?.tenant;
  const copy: Json = JSON.parse(JSON.stringify(body, whatIsKept));
  const sent = maskSecrets(copy);
  const target =
    connector === undefined ? (params['actionId'] ?? params['jobId']) : connectorIdText(connector.connector);
  return {
    ...(tenant === undefined ? {} : { tenant }),
    operation: id,
    actor: creatorName(principal),
    actorName: principal.name,
    sourceIp: request.sourceIp,
    requestId: request.requestId,
    ...(target === undefined ? {} : { target }),
    ...(isObject(sent) && Object.keys(sent).length > 0 ? { request: sent } : {}),
  };
}

/**
 * What is pasted as a host URL may hold a password before an @, or be the token itself. The record of a target is in the lake
 * already; what was read from it stands in the action's own trail.
 */
function whatIsKept(name: string, value: unknown): unknown {
  if (name === 'record' && typeof value === 'object') {
    const uid: unknown = Object(value).record_uid;
    return isRecordUid(uid) ? { record_uid: uid } : {};
  }
  if (name === 'url' && typeof value === 'string') return originOf(value);
  if (name !== 'hostUrl' || typeof value !== 'string') return value;
  return redact(value.replace(/^([^/]*\/\/)?[^/]*@/, '$1***@'));
}

/** Behind the host of a webhook's URL may stand a secret of its receiver, and before an @ a password. */
function originOf(url: string): string {
  const host = /^https?:\/\/([^/?#@\\]*)([/?#]|$)/i.exec(url)?.[1];
  return host === undefined ? '***' : `https://${redact(host)}/***`;
}
