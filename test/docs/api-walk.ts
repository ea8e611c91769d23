import { newConnector } from '../../shared/api/schemas/connector-examples.ts';
import type { JsonObject } from '../../shared/json.ts';

/** A step of the walk in docs/api.md; test/docs/api.test.ts takes the same steps. */
export interface WalkStep {
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: JsonObject;
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

/** The steps as commands of a shell. */
export const walkCommands = walk.map(({ title, method, path, body }) => ({
  title,
  command: curl(method, path, body),
}));

function curl(method: string, path: string, body: JsonObject | undefined): string {
  const lines = [
    `curl -sS${method === 'GET' ? '' : ` -X ${method}`} "$API${path}"`,
    '-H "x-api-key: $KEY"',
    ...(body === undefined
      ? []
      : ['-H "content-type: application/json"', `-d '${JSON.stringify(body, undefined, 2)}'`]),
  ];
  return lines.join(' \\\n  ');
}
