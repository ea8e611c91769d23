import { readFile } from 'node:fs/promises';
import { type StageConfig, stageConfig } from '../../infra/config.ts';
import { UsageError } from './usage-error.ts';

/** The configuration of `--stage`. Throws `UsageError`. */
export function readStage(name: string | undefined): StageConfig {
  try {
    return stageConfig(name);
  } catch (error) {
    throw new UsageError(`--stage: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What the commands need to know of a deployed stack. */
export interface DeployedStack {
  readonly table: string;
  readonly secretPrefix: string;
}

/** From what `cdk deploy --outputs-file` wrote: outputs by stack name. Throws `UsageError`. */
export async function readOutputs(file: string, stage: string): Promise<DeployedStack> {
  let outputs: Record<string, Record<string, string> | undefined>;
  try {
    outputs = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new UsageError(
      `--outputs: ${file} cannot be read; run npm run deploy first, or name the file that it wrote.`,
    );
  }
  const stack = outputs[`sentinel-lake-${stage}`];
  const table = stack?.['StateTableName'];
  const secretPrefix = stack?.['SecretPrefix'];
  if (table === undefined || secretPrefix === undefined) {
    throw new UsageError(
      `--outputs: ${file} says nothing about the stack of stage ${stage}; deploy it, or name its --stage.`,
    );
  }
  return { table, secretPrefix };
}
