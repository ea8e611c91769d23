import type { DangerClass } from '../action-type.ts';
import type { EndpointSelector } from './endpoint-selector.ts';

/** Endpoints to which nothing is done that could take them from their users. */
export interface SafelistEntry extends EndpointSelector {
  /** For people: it is told wherever the entry has refused something. */
  readonly name: string;
}

/**
 * What somebody else has to agree to. A rule for `actions` or `dangers` and for `endpoints` needs both; one for endpoints alone is for
 * everything that is done to them.
 */
export interface ApprovalRule {
  readonly name: string;
  /** Ids of action types. */
  readonly actions?: readonly string[] | undefined;
  readonly dangers?: readonly DangerClass[] | undefined;
  readonly endpoints?: EndpointSelector | undefined;
}

/** What a tenant lets response actions do, without its version. */
export interface PolicySettings {
  readonly safelist: readonly SafelistEntry[];
  readonly approvals: readonly ApprovalRule[];
  /** Different endpoints that one caller may isolate within an hour. */
  readonly isolationsPerHour: number;
  /** Of one action. */
  readonly mostTargets: number;
  /** For how long an action waits for endpoints that are offline. */
  readonly followOfflineDays: number;
  /** For how long an action waits for its approval; what is not approved by then is never sent. */
  readonly approvalMinutes: number;
  /** Who is told of what becomes of actions; nobody where absent. */
  readonly webhook?: { readonly url: string } | undefined;
}

/** The response policy of a tenant. */
export interface ResponsePolicy extends PolicySettings {
  /** Raised by every change; 0 where nobody has written one. */
  readonly version: number;
}

/** Of a tenant that has written none, and of every setting that is left out. */
export const defaultSettings: PolicySettings = {
  safelist: [],
  approvals: [],
  isolationsPerHour: 20,
  mostTargets: 100,
  followOfflineDays: 7,
  approvalMinutes: 60,
};

export const noPolicy: ResponsePolicy = { version: 0, ...defaultSettings };
