import type { Json, JsonObject } from '../../../../shared/json.ts';
import type { ApiRequest, ListPage, ListParams } from '../../../../shared/ports.ts';
import { listAt, textAt } from '../../../../shared/records/json-fields.ts';
import { type AgentVerb, agentVerbs, type Fate, type ThreatVerb, threatVerbs } from './commands.ts';
import { ShownValues } from './shown-values.ts';
import {
  activityRecord,
  alertRecord,
  type Endpoint,
  endpointRecord,
  type LoggedActivity,
  type StarAlert,
  type Threat,
  threatRecord,
} from './things.ts';
import { Timeline } from './timeline.ts';

/** A command that the console has taken for one of the ids that a call has named. Times are true ones, epoch milliseconds. */
export interface Execution {
  /** Whoever has called, as `request` was told. */
  readonly by: string;
  readonly path: string;
  readonly id: string;
  readonly at: number;
  /** When it came to an end that the console shows; absent as long as it has not. */
  endedAt?: number;
}

export interface MemoryEndpointsOptions {
  /** The true time, epoch milliseconds. */
  readonly now: () => number;
  /** How far the console's clock is ahead of it. */
  readonly skewMs?: number;
  readonly fateOf: (path: string) => Fate;
  /** How long after it came about the log shows an activity. */
  readonly activityLateMs: () => number;
  /** True where the role of the token's user lacks the permission for this one. */
  readonly refuses?: (path: string, id: string) => boolean;
  /** False where endpoints and threats show a command only when the agent has begun with it. */
  readonly showsSent?: boolean;
  /** True where mitigations are answered with `details[]`. */
  readonly tellsDetails?: boolean;
}

/**
 * A console with endpoints that go offline and come back, with threats, STAR alerts and an activity log: what commands come to, and
 * when it is seen. It counts what it has taken, and remembers what it has shown.
 */
export class MemoryEndpoints {
  readonly timeline = new Timeline();
  readonly shown = new ShownValues();
  readonly endpoints = new Map<string, Endpoint>();
  readonly threats = new Map<string, Threat>();
  readonly alerts = new Map<string, StarAlert>();
  readonly activities: LoggedActivity[] = [];
  readonly executions: Execution[] = [];
  /** Ids of what the console no longer shows. */
  readonly gone = new Set<string>();
  private readonly options: MemoryEndpointsOptions;
  /** What waits until an endpoint is online, by its id. */
  private readonly waiting = new Map<string, (() => void)[]>();
  private numbers = 9_000_000;

  constructor(options: MemoryEndpointsOptions) {
    this.options = options;
    this.settle();
  }

  /** By the console's clock, epoch milliseconds. */
  now(): number {
    return this.timeline.time + (this.options.skewMs ?? 0);
  }

  /** Lets everything happen that is due by now. */
  settle(): void {
    this.timeline.settle(this.options.now());
  }

  addEndpoint(endpoint: Endpoint): void {
    this.endpoints.set(endpoint.id, endpoint);
    this.noteEndpoint(endpoint);
  }

  addThreat(threat: Threat): void {
    this.threats.set(threat.id, threat);
    this.noteThreat(threat);
  }

  addAlert(alert: StarAlert): void {
    this.alerts.set(alert.id, alert);
    this.noteAlert(alert);
  }

  /** The endpoint goes offline or comes back; what waits for it begins then. */
  setActive(id: string, isActive: boolean): void {
    const endpoint = this.endpointOf(id);
    endpoint.isActive = isActive;
    endpoint.lastActiveDate = this.timeText();
    this.noteEndpoint(endpoint);
    if (!isActive) return;
    const waiting = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    for (const go of waiting) go();
  }

  /** A list call. */
  list(path: string, params: ListParams): ListPage {
    this.settle();
    const data = this.recordsOf(path, params);
    return { data, totalItems: data.length };
  }

  /** A call that changes something. @returns the answer's body */
  request(request: ApiRequest, by: string): JsonObject {
    this.settle();
    return this.carry(request, by);
  }

  /** What a call does that arrives at what the timeline takes for now. */
  carry({ path, body = {} }: ApiRequest, by: string): JsonObject {
    const ids = listAt(body, 'filter', 'ids').map(String);
    if (ids.length === 0) throw new Error(`${path} was called for everything there is.`);
    const agentVerb = path.startsWith('/agents/actions/') ? agentVerbs[path.slice(16)] : undefined;
    if (agentVerb !== undefined) return this.command(agentVerb, path, ids, by);
    const threatVerb = path.startsWith('/threats/mitigate/') ? threatVerbs[path.slice(18)] : undefined;
    if (threatVerb !== undefined) return this.mitigate(threatVerb, path, ids, by);
    return this.change(path, ids, body, by);
  }

  private recordsOf(path: string, params: ListParams): readonly Json[] {
    const ids = (params['ids'] ?? '').split(',').filter((id) => !this.gone.has(id));
    if (path === '/agents')
      return ids.flatMap((id) => this.endpoints.get(id) ?? []).map((one) => endpointRecord(one));
    if (path === '/threats') {
      const threats = ids.flatMap((id) => this.threats.get(id) ?? []);
      return threats.map((threat) => threatRecord(threat, this.endpointOf(threat.agentId)));
    }
    if (path === '/cloud-detection/alerts') {
      const alerts = ids.flatMap((id) => this.alerts.get(id) ?? []);
      return alerts.map((alert) => alertRecord(alert, this.endpointOf(alert.agentId)));
    }
    if (path === '/activities') return this.activitiesOf(params);
    const threatId = /^\/threats\/(\d+)\/notes$/.exec(path)?.[1];
    const notes = this.threats.get(threatId ?? '')?.notes;
    if (notes === undefined) throw new Error(`There is no list ${path}.`);
    return notes.toReversed().map((note) => ({ ...note }));
  }

  private activitiesOf(params: ListParams): readonly Json[] {
    const agentIds = params['agentIds']?.split(',');
    const threatIds = params['threatIds']?.split(',');
    const types = (params['activityTypes'] ?? '').split(',').map(Number);
    const from = params['createdAt__gte'];
    const since = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
    const direction = params['sortOrder'] === 'desc' ? -1 : 1;
    return this.activities
      .filter(
        ({ agentId, threatId, activityType, createdAt, visibleAt }) =>
          visibleAt <= this.timeline.time &&
          createdAt >= since &&
          types.includes(activityType) &&
          (agentIds?.includes(agentId) ?? true) &&
          (threatIds === undefined || (threatId !== undefined && threatIds.includes(threatId))),
      )
      .sort((a, b) => direction * (a.createdAt - b.createdAt || a.id.localeCompare(b.id)))
      .map(activityRecord);
  }

  private command(verb: AgentVerb, path: string, ids: readonly string[], by: string): JsonObject {
    let affected = 0;
    for (const id of ids) {
      const endpoint = this.endpoints.get(id);
      if (endpoint === undefined || endpoint.isDecommissioned || !verb.takes(endpoint)) continue;
      if (this.gone.has(id) || this.isRefused(path, id)) continue;
      affected++;
      const execution = this.noteExecution(by, path, id);
      if (verb.issued !== undefined) this.log(verb.issued, id);
      if (endpoint.isActive && this.options.showsSent !== false) this.accept(verb, endpoint);
      this.carryOut(verb, endpoint, this.options.fateOf(path), execution);
    }
    return { data: { affected } };
  }

  private accept(verb: AgentVerb, endpoint: Endpoint): void {
    if (!verb.takes(endpoint)) return;
    verb.accept?.(endpoint);
    this.noteEndpoint(endpoint);
  }

  private carryOut(
    verb: AgentVerb,
    endpoint: Endpoint,
    { beginMs, workMs, end }: Fate,
    execution: Execution,
  ): void {
    this.whenActive(endpoint.id, beginMs, () => {
      this.accept(verb, endpoint);
      this.logOf(verb.begin?.(endpoint, this.timeText()), endpoint);
      if (end === 'never') return;
      this.whenActive(endpoint.id, workMs, () => {
        const told = verb.end?.(endpoint, this.timeText(), end === 'done');
        // Of some commands the console never tells that they came to nothing.
        if (end === 'done' || told !== undefined) execution.endedAt = this.timeline.time;
        this.logOf(told, endpoint);
      });
    });
  }

  private logOf(type: number | undefined, endpoint: Endpoint): void {
    this.noteEndpoint(endpoint);
    if (type !== undefined) this.log(type, endpoint.id);
  }

  private mitigate(verb: ThreatVerb, path: string, ids: readonly string[], by: string): JsonObject {
    let affected = 0;
    const details: Json[] = [];
    for (const id of ids) {
      const threat = this.threats.get(id);
      if (threat === undefined || this.gone.has(id)) continue;
      if (this.isRefused(path, id)) {
        details.push({ threatId: id, reports: [], skipped: [{ reason: 'permissions' }] });
        continue;
      }
      if (threat.mitigations.some(({ action, status }) => action === verb.action && status === 'pending')) {
        details.push({ threatId: id, reports: [], skipped: [{ reason: 'triggered' }] });
        continue;
      }
      affected++;
      const execution = this.noteExecution(by, path, id);
      details.push({ threatId: id, reports: [{ status: 'sent' }], skipped: [] });
      this.log(verb.issued, threat.agentId, id);
      this.mitigateOne(verb, threat, this.options.fateOf(path), execution);
    }
    return { data: { affected, ...(this.options.tellsDetails === true ? { details } : {}) } };
  }

  private mitigateOne(
    verb: ThreatVerb,
    threat: Threat,
    { beginMs, workMs, end }: Fate,
    execution: Execution,
  ): void {
    const entry = { action: verb.action, status: 'sent', lastUpdate: this.timeText() };
    const show = (status: string) => {
      entry.status = status;
      entry.lastUpdate = this.timeText();
      if (!threat.mitigations.includes(entry)) threat.mitigations.push(entry);
      this.noteThreat(threat);
    };
    if (this.options.showsSent !== false) show('sent');
    this.whenActive(threat.agentId, beginMs, () => {
      show('pending');
      if (end === 'never') return;
      this.whenActive(threat.agentId, workMs, () => {
        execution.endedAt = this.timeline.time;
        show(end === 'done' ? 'success' : 'failed');
        this.log(end === 'done' ? verb.success : verb.failed, threat.agentId, threat.id);
      });
    });
  }

  private change(path: string, ids: readonly string[], body: JsonObject, by: string): JsonObject {
    let affected = 0;
    const details: Json[] = [];
    for (const id of ids) {
      if (this.isRefused(path, id)) {
        details.push({ threatId: id, result: 'missing_permissions' });
        continue;
      }
      const isChanged = !this.gone.has(id) && this.changeOne(path, id, body);
      details.push({ threatId: id, result: isChanged ? 'updated' : 'already_set' });
      if (!isChanged) continue;
      affected++;
      this.noteExecution(by, path, id).endedAt = this.timeline.time;
    }
    const isDetailed = path === '/threats/incident' || path === '/threats/analyst-verdict';
    return { data: { affected, ...(isDetailed ? { details } : {}) } };
  }

  private changeOne(path: string, id: string, body: JsonObject): boolean {
    const threat = this.threats.get(id);
    const alert = this.alerts.get(id);
    if (path === '/threats/notes' && threat !== undefined) {
      threat.notes.push({
        id: this.nextId(),
        text: textAt(body, 'data', 'text') ?? '',
        createdAt: this.timeText(),
      });
      return true;
    }
    const isAlert = path === '/cloud-detection/alerts/incident';
    const field = path === '/threats/analyst-verdict' ? 'analystVerdict' : 'incidentStatus';
    const value = (textAt(body, 'data', field) ?? '').toLowerCase();
    if (isAlert && alert !== undefined) {
      const isNew = alert.incidentStatus !== value;
      alert.incidentStatus = value;
      this.noteAlert(alert);
      return isNew;
    }
    if (threat === undefined || isAlert) return false;
    const isNew = threat[field] !== value;
    threat[field] = value;
    this.noteThreat(threat);
    return isNew;
  }

  private noteExecution(by: string, path: string, id: string): Execution {
    const execution: Execution = { by, path, id, at: this.timeline.time };
    this.executions.push(execution);
    return execution;
  }

  private isRefused(path: string, id: string): boolean {
    return this.options.refuses?.(path, id) ?? false;
  }

  /** So long after it is possible, or when the endpoint is online the next time. */
  private whenActive(id: string, ms: number, run: () => void): void {
    const go = () =>
      this.timeline.plan(this.timeline.time + ms, () => {
        if (this.endpointOf(id).isActive) run();
        else this.wait(id, run);
      });
    if (this.endpointOf(id).isActive) go();
    else this.wait(id, go);
  }

  private wait(id: string, go: () => void): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) this.waiting.set(id, [go]);
    else waiting.push(go);
  }

  private log(activityType: number, agentId: string, threatId?: string): void {
    this.activities.push({
      id: this.nextId(),
      activityType,
      createdAt: this.now(),
      agentId,
      ...(threatId === undefined ? {} : { threatId }),
      visibleAt: this.timeline.time + this.options.activityLateMs(),
    });
  }

  private nextId(): string {
    return String(++this.numbers);
  }

  private timeText(): string {
    return new Date(this.now()).toISOString();
  }

  private endpointOf(id: string): Endpoint {
    const endpoint = this.endpoints.get(id);
    if (endpoint === undefined) throw new Error(`There is no endpoint ${id}.`);
    return endpoint;
  }

  private noteEndpoint(endpoint: Endpoint): void {
    const { id, isActive, lastActiveDate, networkStatus, scanStatus, osStartTime } = endpoint;
    const values = { isActive: String(isActive), lastActiveDate, networkStatus, scanStatus, osStartTime };
    for (const [field, value] of Object.entries(values))
      this.shown.note(id, field, value, this.timeline.time);
  }

  private noteThreat({ id, incidentStatus, analystVerdict, mitigations }: Threat): void {
    const at = this.timeline.time;
    this.shown.note(id, 'threatInfo.incidentStatus', incidentStatus, at);
    this.shown.note(id, 'threatInfo.analystVerdict', analystVerdict, at);
    for (const { action, status, lastUpdate } of mitigations)
      this.shown.note(id, `mitigation ${action} ${lastUpdate}`, status, at);
  }

  private noteAlert({ id, incidentStatus }: StarAlert): void {
    this.shown.note(id, 'alertInfo.incidentStatus', incidentStatus.toUpperCase(), this.timeline.time);
  }
}
