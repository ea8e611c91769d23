import type { TrailEntry } from '../actions/run/action.ts';
import type { JsonObject } from '../json.ts';

/** Of a call of the control API: that it was made, or what became of it. */
export type CallStep = 'requested' | 'succeeded' | 'refused' | 'failed';

/** One step of a change: that it was asked for, or what became of it. Those of a response action are in its trail too. */
export interface AuditRecord {
  /** Of the tenant whose things are changed; absent for those that belong to the installation, as keys of all tenants do. */
  readonly tenant?: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The operation, e.g. `createConnector`. */
  readonly operation: string;
  readonly step: CallStep | TrailEntry['kind'];
  /** `key:…`, `jwt:…`, `iam:…`; see `creatorName`. */
  readonly actor: string;
  readonly actorName: string;
  readonly sourceIp: string;
  readonly requestId: string;
  /** What it is about, e.g. the connector's id. */
  readonly target?: string;
  /** What was asked for; secrets are replaced. */
  readonly request?: JsonObject;
  /** Of a step of a response action: the vendor call, and what became of the targets. */
  readonly details?: JsonObject;
  /** HTTP status and code of the answer, once there is one. */
  readonly status?: number;
  readonly code?: string;
}

/** Append-only. */
export interface AuditLog {
  /** Throws where it could not be kept: what cannot be audited is not done. */
  append(record: AuditRecord): Promise<void>;
}
