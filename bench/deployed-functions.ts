import { type FunctionModel, modelStack } from '../local/template/stack-model.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { readSynthesizedStack } from '../local/template/template.ts';

/** The functions as a deployment would upload them, by their folder below functions/. Synthesizes if need be. */
export async function deployedFunctions(): Promise<ReadonlyMap<string, FunctionModel>> {
  const stack = await readSynthesizedStack(await synthesize());
  const { functions } = modelStack(
    stack,
    { region: 'us-east-1', accountId: '000000000000' },
    (name) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`,
  );
  return new Map(functions.map((model) => [model.environment['POWERTOOLS_SERVICE_NAME'] ?? '', model]));
}

/** What every function finds in its environment beside its own variables; the credentials are no real ones. */
export const lambdaEnvironment: Readonly<Record<string, string>> = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
};
