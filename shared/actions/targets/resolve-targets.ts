import type { JsonObject } from '../../json.ts';
import type { Connector } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Reason, Subject, TargetKind } from '../subject.ts';
import {
  type EndpointsByName,
  endpointsByHostName,
  endpointsByUuid,
  isRemoved,
  mostCandidates,
} from './find-endpoints.ts';
import type { Console } from './list-records.ts';
import { readSubjects } from './read-subjects.ts';
import { recordTarget } from './record-target.ts';
import { ambiguous, noAgent, notFound, outOfScope, tooCommon } from './refusals.ts';
import { type RequestedTarget, wayOf } from './requested-target.ts';
import { isInScope, type TargetScope } from './target-scope.ts';

/** Which connector is asked, and what it is kept to. */
export type AskedConnector = Pick<Connector, 'tenant' | 'id' | 'siteIds' | 'accountIds'>;

/** What a requested target is at the console; or why nothing is to be done. `asked` is what `Target.asked` keeps. */
export type ResolvedTarget =
  | { readonly kind: 'found'; readonly asked: JsonObject; readonly subject: Subject }
  | { readonly kind: 'refused'; readonly asked: JsonObject; readonly reason: Reason };

/** Under what a target is looked up. */
type Lookup =
  | { readonly by: TargetKind | 'uuid' | 'hostName'; readonly name: string }
  | { readonly by: 'nothing'; readonly reason: Reason };

interface Asked {
  readonly asked: JsonObject;
  readonly lookup: Lookup;
}

/** What the console has under everything that was asked for. */
interface Found {
  readonly agent: ReadonlyMap<string, Subject>;
  readonly threat: ReadonlyMap<string, Subject>;
  readonly alert: ReadonlyMap<string, Subject>;
  readonly uuid: EndpointsByName;
  readonly hostName: EndpointsByName;
}

/** Agent ids that the reason for an ambiguous name lists. */
const mostListed = 5;

/**
 * Finds what an action of this kind would work on, in the order of the request, each subject once. What is not found, not one, or
 * not the connector's is refused with its reason, and the others go on. The calls are one per 100 targets and way of naming them,
 * threats and alerts also need their endpoints.
 * @throws ConnectorError where the console fails: then nothing is known of any target
 */
export async function resolveTargets(
  targets: readonly RequestedTarget[],
  kind: TargetKind,
  connector: AskedConnector,
  console: Console,
): Promise<readonly ResolvedTarget[]> {
  const asked = targets.map((target) => read(target, kind, connector));
  const found = await lookUp(asked, console);
  return withoutRepeats(asked.map((one) => resolved(one, kind, connector, found)));
}

function read(target: RequestedTarget, kind: TargetKind, connector: AskedConnector): Asked {
  const way = wayOf(target);
  if (way === 'record') {
    // What came as JSON is nothing else.
    const { asked, names } = recordTarget((target.record ?? {}) as JsonObject, kind, connector);
    return { asked, lookup: 'id' in names ? { by: kind, name: names.id } : { by: 'nothing', ...names } };
  }
  const name = target[way] ?? '';
  return { asked: { [way]: name }, lookup: { by: lookups[way], name } };
}

const lookups = {
  agentId: 'agent',
  uuid: 'uuid',
  hostName: 'hostName',
  threatId: 'threat',
  alertId: 'alert',
} as const;

async function lookUp(asked: readonly Asked[], console: Console): Promise<Found> {
  const named = (by: Lookup['by']) =>
    asked.flatMap(({ lookup }) => (lookup.by === by && lookup.by !== 'nothing' ? [lookup.name] : []));
  return {
    agent: await readSubjects('agent', named('agent'), console),
    threat: await readSubjects('threat', named('threat'), console),
    alert: await readSubjects('alert', named('alert'), console),
    uuid: await endpointsByUuid(named('uuid'), console),
    hostName: await endpointsByHostName(named('hostName'), console),
  };
}

function resolved(
  { asked, lookup }: Asked,
  kind: TargetKind,
  scope: TargetScope,
  found: Found,
): ResolvedTarget {
  const refused = (reason: Reason): ResolvedTarget => ({ kind: 'refused', asked, reason });
  if (lookup.by === 'nothing') return refused(lookup.reason);
  if (lookup.by === 'uuid' || lookup.by === 'hostName') {
    const one = onlyOne(lookup.by, lookup.name, found[lookup.by].get(lookup.name.toLowerCase()) ?? [], scope);
    return 'reason' in one ? refused(one.reason) : { kind: 'found', asked, subject: one };
  }
  const subject = found[lookup.by].get(lookup.name);
  if (subject === undefined) return refused(notFound(`${lookup.by} ${lookup.name}`));
  const wanted = subject.kind === kind ? subject : subject.agent && endpointSubject(subject.agent);
  // Whether its endpoint is gone is told only to whom the threat or alert belongs.
  if (!isInScope(wanted ?? subject, scope)) return refused(outOfScope((wanted ?? subject).kind));
  return wanted === undefined
    ? refused(noAgent(subject.kind, subject.id))
    : { kind: 'found', asked, subject: wanted };
}

function endpointSubject(agent: JsonObject): Subject | undefined {
  const id = textAt(agent, 'id');
  return id === undefined ? undefined : { kind: 'agent', id, record: agent, agent };
}

/**
 * The one endpoint that a name means. Those outside the connector's scope do not count: they may be another tenant's, who has a
 * `DC01` as well. Nor do those that were removed, as long as there is one that was not: names are given again.
 */
function onlyOne(
  by: 'uuid' | 'hostName',
  name: string,
  endpoints: readonly JsonObject[] | 'too_common',
  scope: TargetScope,
): Subject | { readonly reason: Reason } {
  const what = by === 'uuid' ? 'UUID' : 'host name';
  if (endpoints === 'too_common') return { reason: tooCommon(name, mostCandidates) };
  if (endpoints.length === 0) return { reason: notFound(`endpoint with the ${what} ${name}`) };
  // By id: a list that grows while it is read may show one of them twice.
  const own = new Map<string, Subject>();
  for (const agent of endpoints) {
    const subject = endpointSubject(agent);
    if (subject !== undefined && isInScope(subject, scope)) own.set(subject.id, subject);
  }
  const present = [...own.values()].filter(({ record }) => !isRemoved(record));
  const meant = present.length > 0 ? present : [...own.values()];
  const [only, another] = meant;
  // A name can be guessed: that another tenant has it is not told.
  if (only === undefined) return { reason: notFound(`endpoint with the ${what} ${name}`) };
  if (another === undefined) return only;
  const ids = meant.slice(0, mostListed).map(({ id }) => id);
  return { reason: ambiguous(what, name, meant.length, ids) };
}

/** The first of each subject, and of each refused target that names something. */
function withoutRepeats(targets: readonly ResolvedTarget[]): readonly ResolvedTarget[] {
  const seen = new Set<string>();
  return targets.filter((target) => {
    const key = target.kind === 'found' ? `found ${target.subject.id}` : JSON.stringify(target.asked);
    // Of records without an id nobody knows whether they are the same.
    const isKnown = target.kind === 'found' || !('record' in target.asked);
    if (isKnown && seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
