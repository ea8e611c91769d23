import type { RandomBytes } from '../access/api-key.ts';
import type { KeyStore } from '../access/key-store.ts';
import type { ActionType } from '../actions/action-type.ts';
import type { PolicyStore } from '../actions/policy/policy-store.ts';
import type { AdvanceOutcome, AdvanceRequest } from '../actions/run/advance.ts';
import type { CreateDependencies } from '../actions/run/create-action.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { ConnectivityReport } from '../connectivity/report.ts';
import type { ConnectivityInput } from '../connectivity/test-connectivity.ts';
import type { TestStore } from '../connectivity/test-store.ts';
import type { ConnectorDependencies } from '../connectors/connector-dependencies.ts';
import type { ConnectorKey } from '../connectors/credentials.ts';
import type { RecentRecordsReader } from '../filters/recent-records.ts';
import type { JsonObject } from '../json.ts';
import type { ConsoleCredentials } from '../ports.ts';
import type { HostPolicy } from '../sentinelone/host-url.ts';
import type { StatusReader } from '../status/connector-status.ts';

/** What the handlers of the routes work with. */
export interface Services extends ConnectorDependencies, CreateDependencies {
  readonly keys: KeyStore;
  /** Random bytes for new keys. */
  readonly randomBytes: RandomBytes;
  /** What was asked for, by whom, and what became of it. */
  readonly audit: AuditLog;
  /** docs/openapi.json. */
  readonly openApi: () => JsonObject;
  /** Asks a console what works and what does not. */
  readonly testConnectivity: (input: ConnectivityInput) => Promise<ConnectivityReport>;
  readonly tests: TestStore;
  readonly status: StatusReader;
  readonly recentRecords: RecentRecordsReader;
  readonly policies: PolicyStore;
  /** Where webhooks may be sent; nowhere where it names no domain. */
  readonly callbackHosts: HostPolicy;
  /** The catalogue of response actions. */
  readonly actionTypes: readonly ActionType[];
  /** Takes an action a step further. */
  readonly advanceAction: (request: AdvanceRequest) => Promise<AdvanceOutcome>;
  /** Resolves after the time, or rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Counts something that an alarm may be set on. */
  readonly count: (metric: 'IsolationLimitReached') => void;
  /** Host and token of a connector. Throws `ConnectorError` where there are none. */
  readonly credentialsOf: (key: ConnectorKey) => Promise<ConsoleCredentials>;
}
