import type { RunningConsole } from '../../../local/console/console.ts';
import { post } from './event-support.ts';

export const path = '/unifiedalerts/graphql';
export const small = { threats: 0, activities: 0, unifiedAlerts: 150, burst: 20 };

export interface Alert {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface Connection {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly edges: readonly { readonly cursor: string; readonly node: Alert }[];
}

export interface Reply {
  readonly data?: { readonly alerts: Connection } | null;
  readonly errors?: readonly { readonly message: string }[];
}

export const fields =
  'id name noteExists severity status analystVerdict classification confidenceLevel detectedAt updatedAt detectionSource { product }';

export function alertsQuery(given: string, node = fields): string {
  const list = given === '' ? '' : `(${given})`;
  return `{ alerts${list} { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${node} } } } }`;
}

export async function ask(
  console: RunningConsole,
  query: string,
  variables = {},
  token?: string,
): Promise<Reply> {
  const { status, text } = await post(console, path, { query, variables }, token);
  if (status !== 200) throw new Error(`GraphQL answered ${status}: ${text}`);
  return JSON.parse(text);
}

export async function list(
  console: RunningConsole,
  given: string,
  token?: string,
  node?: string,
): Promise<Connection> {
  const { data, errors } = await ask(console, alertsQuery(given, node), {}, token);
  if (!data) throw new Error(`GraphQL refused: ${JSON.stringify(errors)}`);
  return data.alerts;
}

/** Follows the cursors to the end. */
export async function walk(
  console: RunningConsole,
  given: string,
  first = 100,
  token?: string,
): Promise<readonly Alert[]> {
  const found: Alert[] = [];
  for (let after = ''; ; ) {
    const page = await list(console, `first: ${first}, ${after} ${given}`, token);
    found.push(...page.edges.map(({ node }) => node));
    if (!page.pageInfo.hasNextPage) return found;
    after = `after: ${JSON.stringify(page.pageInfo.endCursor)},`;
  }
}

export const ids = (alerts: readonly Alert[]) => alerts.map(({ id }) => id);
export const range = (fieldId: string, start: number, end: number, more = '') =>
  `filters: [{fieldId: "${fieldId}", dateTimeRange: {start: ${start}, end: ${end}${more}}}]`;
