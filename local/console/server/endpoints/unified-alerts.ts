import { type ExecutionResult, execute, GraphQLError, parse, validate } from 'graphql';
import { type Answer, jsonAnswer } from '../answer.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { readJsonBody, requiredText } from '../json-body.ts';
import { refuseUnknown } from '../query.ts';
import { type AlertArguments, alertConnection } from '../unified-alerts/alert-connection.ts';
import { unifiedAlertSchema } from '../unified-alerts/schema.ts';
import { invalidCursor, invalidParameter, VendorError } from '../vendor-error.ts';

/** Alerts of all sources. What is wrong with a query is told inside a success. */
export const unifiedAlerts: Endpoint = {
  method: 'POST',
  path: '/unifiedalerts/graphql',
  authentication: 'token',
  permission: 'Unified Alerts.view',
  cursor: { isIn: hasCursor, refusal: refused([new GraphQLError(invalidCursor().message)]) },
  answer(call) {
    refuseUnknown(call.query, new Set());
    const { query, variables, operationName } = readRequest(call.body);
    let document: ReturnType<typeof parse>;
    try {
      document = parse(query);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return refused([error]);
    }
    const problems = validate(unifiedAlertSchema, document);
    if (problems.length > 0) return refused(problems);
    const result = execute({
      schema: unifiedAlertSchema,
      document,
      variableValues: variables,
      operationName: operationName ?? null,
      rootValue: { alerts: (given: AlertArguments) => alertConnection(call, given) },
    });
    if (result instanceof Promise) throw new Error('No field of the schema takes its time.');
    return answered(result);
  },
};

/** What a resolver threw that is no refusal is a fault of the simulator, and none of the request. */
function answered({ data, errors }: ExecutionResult): Answer {
  for (const { originalError } of errors ?? []) {
    const isRefusal = originalError instanceof VendorError || originalError instanceof GraphQLError;
    if (originalError && !isRefusal) throw originalError;
  }
  return errors === undefined
    ? { ...jsonAnswer(null), body: JSON.stringify({ data }) }
    : { ...jsonAnswer(null), body: JSON.stringify({ data: data ?? null, errors }) };
}

function refused(errors: readonly GraphQLError[]): Answer {
  return { ...jsonAnswer(null), body: JSON.stringify({ errors }) };
}

interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/** Throws 400 where the body is none of a GraphQL request. */
function readRequest(body: Call['body']): GraphqlRequest {
  const fields = readJsonBody(body);
  const query = requiredText(fields, 'query');
  const variables = fields.get('variables') ?? {};
  if (!isRecord(variables)) throw invalidParameter('variables', 'Must be a JSON object.');
  const operationName = fields.get('operationName') ?? undefined;
  if (operationName !== undefined && typeof operationName !== 'string')
    throw invalidParameter('operationName', 'Not a valid string.');
  return { query, variables, operationName };
}

function hasCursor(body: string): boolean {
  try {
    const { query, variables } = readRequest(body);
    return /\bafter\s*:\s*"/.test(query) || typeof variables['after'] === 'string';
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return false;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
