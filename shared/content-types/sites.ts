import { scopeSnapshot } from './parts/scope-snapshot.ts';

/** The console's sites, all of them now and then. */
export const sites = scopeSnapshot({
  id: 'sites',
  label: 'Sites',
  permission: 'Sites.view',
  pageSize: 1000,
});
