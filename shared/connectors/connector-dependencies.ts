import type { ContentType } from '../content-types/content-type.ts';
import type { BackfillStore } from '../jobs/backfill.ts';
import type { Clock, ConnectorStore, Log, SecretStore, WorkQueue } from '../ports.ts';
import type { HostPolicy } from '../sentinelone/host-url.ts';
import type { ConnectorRegistry } from './connector-registry.ts';
import type { StreamControl } from './stream-control.ts';

/** What creating and changing connectors needs. */
export interface ConnectorDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: ConnectorRegistry;
  readonly connectors: ConnectorStore;
  readonly control: StreamControl;
  readonly backfills: BackfillStore;
  readonly secrets: SecretStore;
  readonly queue: WorkQueue;
  readonly hostPolicy: HostPolicy;
  readonly findContentType: (id: string) => ContentType | undefined;
  /** How long a stream whose message was sent is left to the worker; see the fan-out. */
  readonly claimMs: number;
}
