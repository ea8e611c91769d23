import { readConnectorInput } from '../../connectors/connector-input.ts';
import { ApiProblem, invalidRequest } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { connectivityExample, connectivityReport } from '../schemas/connectivity.ts';
import { newConnector as newConnectorSchema } from '../schemas/connector.ts';
import { newConnector as newConnectorExample } from '../schemas/connector-examples.ts';

const tag = 'Connectivity';
const answers = {
  200: {
    description: 'What was found, check by check; `ok` says whether all is well.',
    schema: connectivityReport,
    example: connectivityExample,
  },
};
/** Longer than a test takes; then a test that was interrupted is forgotten. */
const longestTestMs = 20_000;

const before = route({
  id: 'testNewConnector',
  method: 'POST',
  path: '/v1/connectors/test',
  right: 'test',
  isAudited: false,
  tag,
  summary: 'Test a connector before it is created',
  description:
    'Takes the body of a creation and stores nothing. Asks the console in under ten seconds what works, and says of everything else why not and what to do. The token leaves only after the host has answered as a console.',
  body: newConnectorSchema,
  example: newConnectorExample,
  answers,
  async handle({ body: { apiToken, ...input }, services, now }) {
    const read = readConnectorInput(input, services.hostPolicy, now);
    if ('problems' in read) throw invalidRequest(read.problems);
    const { settings, functions } = read;
    const connector = { ...settings, id: 'test', createdAt: now };
    const credentials = { hostUrl: settings.hostUrl, apiToken };
    return {
      status: 200,
      body: await services.testConnectivity({ connector, functions, credentials }),
    };
  },
});

const stored = route({
  id: 'testConnector',
  method: 'POST',
  path: '/v1/connectors/{connectorId}/test',
  right: 'test',
  isAudited: false,
  tag,
  summary: 'Test a connector',
  description:
    'With the stored token. One test at a time; the result is kept and shown in the status. It changes no state: an error is cleared by the next run that works.',
  answers,
  problems: [409],
  async handle({ connector, services, now }) {
    const key = { tenant: connector.connector.tenant, id: connector.connector.id };
    if (!(await services.tests.begin(key, now, now + longestTestMs))) {
      throw new ApiProblem({
        status: 409,
        code: 'test_running',
        detail: 'Another test of this connector is under way.',
        recommendation: 'Wait some seconds; its result will be in the status.',
        retryAfterSeconds: 10,
      });
    }
    try {
      const credentials = await services.credentialsOf({ tenant: key.tenant, connector: key.id });
      const { connector: settings, functions } = connector;
      const report = await services.testConnectivity({ connector: settings, functions, credentials });
      await services.tests.finish(key, { at: now, report });
      return { status: 200, body: report };
    } catch (error) {
      await services.tests.abandon(key);
      throw error;
    }
  },
});

/** Whether and why connectors work. */
export const connectivityRoutes: readonly Route[] = [before, stored];
