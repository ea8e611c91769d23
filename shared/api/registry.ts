import type { Route } from './route.ts';
import { connectivityRoutes } from './routes/connectivity.ts';
import { connectorRoutes } from './routes/connectors.ts';
import { filterRoutes } from './routes/filters.ts';
import { jobRoutes } from './routes/jobs.ts';
import { keyRoutes } from './routes/keys.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { metaRoutes } from './routes/meta.ts';
import { statusRoutes } from './routes/status.ts';

/** All operations of the API. Adding one is a route in its group's file. */
export const routes: readonly Route[] = [
  ...metaRoutes,
  ...connectorRoutes,
  ...connectivityRoutes,
  ...statusRoutes,
  ...ledgerRoutes,
  ...filterRoutes,
  ...jobRoutes,
  ...keyRoutes,
];
