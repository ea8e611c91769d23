import type { ActionPlace } from '../actions/run/action.ts';

/** The partition of the due index in which actions stand that somebody has to go on with. */
export const actionsDueShard = 'actions#0';

const partitionPrefix = 'ACTIONS#';

/** The actions of a tenant share a partition, so that one query lists them. */
export function actionsPartition(tenant: string): string {
  return `${partitionPrefix}${tenant}`;
}

export function actionKey({ tenant, connector, id }: ActionPlace): { pk: string; sk: string } {
  return { pk: actionsPartition(tenant), sk: `${connector}#${id}` };
}

/** The inverse of `actionKey`; undefined for other items. Used on the due index, which holds keys only. */
export function actionPlaceFromKey(pk: unknown, sk: unknown): ActionPlace | undefined {
  if (typeof pk !== 'string' || typeof sk !== 'string' || !pk.startsWith(partitionPrefix)) return undefined;
  const tenant = pk.slice(partitionPrefix.length);
  // Neither part holds a `#`: see shared/connectors/names.ts and shared/actions/run/action-id.ts.
  const [connector, id, ...more] = sk.split('#');
  if (!tenant || !connector || !id || more.length > 0) return undefined;
  return { tenant, connector, id };
}
