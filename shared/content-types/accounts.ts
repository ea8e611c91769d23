import { scopeSnapshot } from './parts/scope-snapshot.ts';

/** The console's accounts, all of them now and then. */
export const accounts = scopeSnapshot({
  id: 'accounts',
  label: 'Accounts',
  permission: 'Accounts.view',
  pageSize: 1000,
  sitesRefused: 'an account is more than its sites.',
});
