import { newActionExample } from '../../shared/api/schemas/action.ts';
import { newConnector } from '../../shared/api/schemas/connector-examples.ts';
import type { JsonObject } from '../../shared/json.ts';

/** A step of the walk in docs/api.md; test/docs/api.test.ts takes the same steps. */
export interface WalkStep {
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

const connector = '/v1/connectors/northwind.emea-servers';

export const walk: readonly WalkStep[] = [
  {
    title: 'Test a connector before it is there; nothing is stored',
    method: 'POST',
    path: '/v1/connectors/test',
    body: newConnector,
  },
  {
    title: 'Create it; it begins to collect at once',
    method: 'POST',
    path: '/v1/connectors',
    body: newConnector,
  },
  { title: 'See how it works', method: 'GET', path: `${connector}/status` },
  { title: 'See what works worst in all connectors', method: 'GET', path: '/v1/status?limit=10' },
  {
    title: 'Drop the records of a lab before they are written',
    method: 'PATCH',
    path: connector,
    body: {
      filters: [
        {
          name: 'drop-lab',
          action: 'exclude',
          contentTypes: ['threats'],
          conditions: [{ field: 'agentRealtimeInfo.siteName', operator: 'equals', value: 'Lab' }],
        },
      ],
    },
  },
  { title: 'Pause it', method: 'POST', path: `${connector}/pause` },
  { title: 'Resume it: the time between is collected too', method: 'POST', path: `${connector}/resume` },
  {
    title: 'Replace its token',
    method: 'PATCH',
    path: connector,
    body: { apiToken: 'the-new-token-of-the-service-user' },
  },
  { title: 'Test it with the stored token', method: 'POST', path: `${connector}/test` },
  { title: 'Delete it; the lake keeps its records', method: 'DELETE', path: connector },
];

/** Calls about actions, in the section of docs/api.md that is about them; the same test makes them. */
export const actionCalls: readonly WalkStep[] = [
  {
    title: 'Isolate two endpoints, and wait up to 20 seconds for the outcome',
    method: 'POST',
    path: '/v1/actions?wait=20',
    body: newActionExample,
    headers: { 'Idempotency-Key': 'playbook-run-7/contain' },
  },
  {
    title: 'Everything that was done in a month, for a spreadsheet',
    method: 'GET',
    path: '/v1/actions/export?tenant=northwind&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z',
  },
];

/** A step as a command of a shell. */
export function commandOf({ method, path, body, headers = {} }: WalkStep): string {
  const lines = [
    `curl -sS${method === 'GET' ? '' : ` -X ${method}`} "$API${path}"`,
    '-H "x-api-key: $KEY"',
    ...Object.entries(headers).map(([name, value]) => `-H "${name}: ${value}"`),
    ...(body === undefined
      ? []
      : ['-H "content-type: application/json"', `-d '${JSON.stringify(body, undefined, 2)}'`]),
  ];
  return lines.join(' \\\n  ');
}
