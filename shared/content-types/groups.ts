import { scopeSnapshot } from './parts/scope-snapshot.ts';

/** The console's groups, all of them now and then. */
export const groups = scopeSnapshot({
  id: 'groups',
  label: 'Groups',
  permission: 'Groups.view',
  pageSize: 300,
});
