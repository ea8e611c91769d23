import type { TenantConnector } from '../connectors/connector-id.ts';
import type { ConnectivityReport } from './report.ts';

/** The last test of a connector. */
export interface StoredTest {
  /** When it was begun, epoch milliseconds. */
  readonly at: number;
  readonly report: ConnectivityReport;
}

/** Keeps the results of tests, and lets only one of a connector run at a time. */
export interface TestStore {
  /**
   * Takes the connector for a test until `until` at the latest; false where another test has it.
   * @param now epoch milliseconds, as `until`
   */
  begin(connector: TenantConnector, now: number, until: number): Promise<boolean>;
  /** Stores the result in the place of the one before, and lets the next test begin. */
  finish(connector: TenantConnector, test: StoredTest): Promise<void>;
  /** Lets the next test begin, without a result. */
  abandon(connector: TenantConnector): Promise<void>;
  last(connector: TenantConnector): Promise<StoredTest | undefined>;
}
