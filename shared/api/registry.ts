import type { Route } from './route.ts';
import { actionDecisionRoutes } from './routes/action-decisions.ts';
import { actionExportRoutes } from './routes/action-export.ts';
import { actionTypeRoutes } from './routes/action-types.ts';
import { actionRoutes } from './routes/actions.ts';
import { connectivityRoutes } from './routes/connectivity.ts';
import { connectorRoutes } from './routes/connectors.ts';
import { filterRoutes } from './routes/filters.ts';
import { jobRoutes } from './routes/jobs.ts';
import { keyRoutes } from './routes/keys.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { metaRoutes } from './routes/meta.ts';
import { responsePolicyRoutes } from './routes/response-policy.ts';
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
  ...actionTypeRoutes,
  ...actionRoutes,
  ...actionDecisionRoutes,
  ...actionExportRoutes,
  ...responsePolicyRoutes,
  ...keyRoutes,
];
