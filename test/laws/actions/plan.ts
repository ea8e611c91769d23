import type { Draws } from '../../../local/console/world/random.ts';
import { noPolicy, type ResponsePolicy } from '../../../shared/actions/policy/response-policy.ts';
import type { Caller } from '../../../shared/actions/run/action.ts';
import type { RequestedTarget } from '../../../shared/actions/targets/requested-target.ts';
import type { JsonObject } from '../../../shared/json.ts';

/** Somebody asks for an action. Times are true ones, epoch milliseconds. */
export interface PlannedRequest {
  readonly at: number;
  readonly key: string;
  readonly by: Caller;
  readonly type: string;
  readonly parameters: JsonObject;
  readonly targets: readonly RequestedTarget[];
  readonly expiresInMinutes?: number;
  /** For how long the caller waits for an end. */
  readonly waitSeconds: number;
}

/** Somebody decides about the action of a request, by its place in the plan. */
export interface PlannedDecision {
  readonly at: number;
  readonly kind: 'approve' | 'cancel' | 'undo';
  readonly of: number;
  readonly by: Caller;
  readonly key: string;
}

export interface Plan {
  readonly policy: ResponsePolicy;
  readonly requests: readonly PlannedRequest[];
  readonly decisions: readonly PlannedDecision[];
}

export const caller = (name: string): Caller => ({ actor: `key:${name}`, actorName: name });

/** What there is to act on. */
export interface Things {
  readonly agents: readonly string[];
  readonly threats: readonly string[];
  readonly alerts: readonly string[];
}

const agentActions = [
  ...['contain', 'contain', 'contain', 'release', 'initiate-scan', 'abort-scan'],
  ...['restart', 'fetch-logs', 'broadcast-message'],
];
const threatActions = [
  ...['kill', 'quarantine', 'unquarantine', 'remediate', 'rollback-remediation'],
  ...['set-incident-status', 'set-analyst-verdict', 'add-note'],
];
const minuteMs = 60_000;

/** What callers want in a seed, and what their tenant lets them. */
export function seededPlan(random: Draws, begin: number, things: Things): Plan {
  const asked = Array.from({ length: 1 + random.below(5) }, (_, index) =>
    plannedRequest(random, begin, index, things),
  );
  const requests = asked.flatMap((request) => {
    // Now and then the same is asked for again, as another action.
    if (!random.chance(0.2)) return [request];
    return [
      request,
      { ...request, key: `${request.key} again`, at: request.at + random.below(3 * minuteMs) },
    ];
  });
  const decisions = requests.flatMap(({ at, type }, of) => {
    const after = () => at + random.pick([1, 10, 60, 600, 3_600]) * 1_000 * random.next();
    const one = (kind: PlannedDecision['kind'], by: string, likely: number): PlannedDecision[] =>
      random.chance(likely)
        ? [{ at: after(), kind, of, by: caller(by), key: `undo ${of} ${type} ${random.below(2)}` }]
        : [];
    return [
      ...one('approve', 'dana', 0.5),
      ...one('approve', random.pick(['anna', 'ben']), 0.2),
      ...one('cancel', 'anna', 0.15),
      ...one('undo', 'anna', 0.35),
      ...one('undo', 'ben', 0.15),
    ];
  });
  return { policy: seededPolicy(random, things), requests, decisions };
}

function seededPolicy(random: Draws, { agents }: Things): ResponsePolicy {
  return {
    ...noPolicy,
    version: 1,
    safelist: random.chance(0.2) ? [{ name: 'protected', agentIds: [random.pick(agents)] }] : [],
    approvals: random.chance(0.35)
      ? [
          {
            name: 'two pairs of eyes',
            ...random.pick([
              { dangers: ['isolating' as const] },
              { dangers: ['disruptive' as const, 'isolating' as const] },
              { endpoints: { agentIds: [random.pick(agents)] } },
              { actions: ['set-incident-status', 'restart'] },
            ]),
          },
        ]
      : [],
    isolationsPerHour: random.pick([1, 2, 20]),
    followOfflineDays: random.pick([0.1, 0.1, 0.5, 2]),
    approvalMinutes: random.pick([10, 60, 240]),
    ...(random.chance(0.5) ? { webhook: { url: 'https://hooks.example/soar' } } : {}),
  };
}

function plannedRequest(random: Draws, begin: number, index: number, things: Things): PlannedRequest {
  const { type, parameters, targets } = wanted(random, things);
  return {
    at: begin + Math.round(random.pick([0, 1, 5, 60]) * minuteMs * random.next()),
    // Now and then two callers meet under one key, with one request or with two.
    key: `key ${random.chance(0.9) ? index : 0}`,
    by: caller(random.pick(['anna', 'ben'])),
    ...{ type, parameters, targets },
    ...(random.chance(0.3) ? { expiresInMinutes: random.pick([1, 10, 180]) } : {}),
    waitSeconds: random.pick([0, 0, 5, 20]),
  };
}

function wanted(
  random: Draws,
  { agents, threats, alerts }: Things,
): Pick<PlannedRequest, 'type' | 'parameters' | 'targets'> {
  const kind = random.pick(['agent', 'agent', 'threat', 'threat', 'alert']);
  const some = (ids: readonly string[]) => {
    const few = ids.filter(() => random.chance(random.pick([0.3, 0.9])));
    return few.length === 0 ? [random.pick(ids)] : few;
  };
  if (kind === 'alert' && alerts.length > 0) {
    const parameters = { status: random.pick(['in_progress', 'resolved']) };
    return { type: 'set-alert-status', parameters, targets: some(alerts).map((alertId) => ({ alertId })) };
  }
  if (kind === 'threat' && threats.length > 0) {
    const type = random.pick(threatActions);
    return {
      type,
      parameters: parametersOf(type, random),
      targets: some(threats).map((threatId) => ({ threatId })),
    };
  }
  const type = random.pick(agentActions);
  return {
    type,
    parameters: parametersOf(type, random),
    targets: some(agents).map((agentId) => ({ agentId })),
  };
}

function parametersOf(type: string, random: Draws): JsonObject {
  switch (type) {
    case 'set-incident-status':
      return { status: random.pick(['in_progress', 'resolved']) };
    case 'set-analyst-verdict':
      return { verdict: random.pick(['true_positive', 'false_positive']) };
    case 'add-note':
      return { note: `Seen by playbook ${random.below(2)}.` };
    case 'broadcast-message':
      return { message: 'Please save your work.' };
    case 'fetch-logs':
      return { agentLogs: true, customerFacingLogs: false, platformLogs: false };
    default:
      return {};
  }
}
