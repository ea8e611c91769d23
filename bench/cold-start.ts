import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { ColdStartRun } from './cold-start-process.ts';
import { deployedFunctions, lambdaEnvironment } from './deployed-functions.ts';
import { forked } from './forked.ts';
import { median, rounded } from './median.ts';

/** One figure: a function's cold start, and its ratio to that of an empty handler with the same clients. Medians. */
export interface ColdStart {
  readonly function: string;
  readonly runs: number;
  readonly loadMs: number;
  readonly floorLoadMs: number;
  /** Of importing the bundle alone; the target is 1.3. */
  readonly loadRatio: number;
  readonly startMs: number;
  readonly floorStartMs: number;
  /** With the start of Node, which Lambda's Init Duration also holds. */
  readonly startRatio: number;
  readonly bundleKb: number;
  readonly floorBundleKb: number;
}

const runs = 21;

const workerClients = {
  '@aws-sdk/client-dynamodb': 'DynamoDBClient',
  '@aws-sdk/client-s3': 'S3Client',
  '@aws-sdk/client-secrets-manager': 'SecretsManagerClient',
  '@aws-sdk/client-sqs': 'SQSClient',
  '@aws-sdk/lib-dynamodb': 'DynamoDBDocumentClient',
};

const actionClients = { ...workerClients, '@aws-sdk/client-eventbridge': 'EventBridgeClient' };

/** The clients that each function makes at its start. */
const clients: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'fan-out': {
    '@aws-sdk/client-dynamodb': 'DynamoDBClient',
    '@aws-sdk/client-sqs': 'SQSClient',
    '@aws-sdk/lib-dynamodb': 'DynamoDBDocumentClient',
  },
  worker: workerClients,
  outcomes: actionClients,
  api: actionClients,
};

/** Starts every function's bundle and its floor by turns, each time in a new process. */
export async function measureColdStart(): Promise<readonly ColdStart[]> {
  const deployed = await deployedFunctions();
  const directory = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-bench-'));
  try {
    const figures: ColdStart[] = [];
    for (const [name, packages] of Object.entries(clients)) {
      const model = deployed.get(name);
      if (model === undefined) throw new Error(`The stack has no function ${name}.`);
      const floor = path.join(directory, name, 'index.mjs');
      await bundleFloor(packages, floor);
      const bundle = path.join(model.codeDir, 'index.mjs');
      figures.push(await compare(name, bundle, floor, model.environment));
    }
    return figures;
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function compare(
  name: string,
  bundle: string,
  floor: string,
  environment: Readonly<Record<string, string>>,
): Promise<ColdStart> {
  const ours: ColdStartRun[] = [];
  const floors: ColdStartRun[] = [];
  // The first of each brings the file into the page cache.
  for (let i = 0; i <= runs; i++) {
    const ourRun = await start(bundle, environment);
    const floorRun = await start(floor, environment);
    if (i === 0) continue;
    ours.push(ourRun);
    floors.push(floorRun);
  }
  const middle = (list: readonly ColdStartRun[], of: keyof ColdStartRun) =>
    median(list.map((run) => run[of]));
  const loadMs = middle(ours, 'loadMs');
  const floorLoadMs = middle(floors, 'loadMs');
  const startMs = middle(ours, 'startMs');
  const floorStartMs = middle(floors, 'startMs');
  return {
    function: name,
    runs,
    loadMs: rounded(loadMs),
    floorLoadMs: rounded(floorLoadMs),
    loadRatio: rounded(loadMs / floorLoadMs, 2),
    startMs: rounded(startMs),
    floorStartMs: rounded(floorStartMs),
    startRatio: rounded(startMs / floorStartMs, 2),
    bundleKb: await kilobytes(bundle),
    floorBundleKb: await kilobytes(floor),
  };
}

async function start(bundle: string, environment: Readonly<Record<string, string>>): Promise<ColdStartRun> {
  const process = await forked<ColdStartRun>('./cold-start-process.ts', {
    args: [bundle],
    environment: { ...environment, ...lambdaEnvironment },
  });
  await process.end();
  return process.message;
}

/** A handler that does nothing, with the clients made at its start, bundled as infra/constructs/connector-function.ts says. */
async function bundleFloor(packages: Readonly<Record<string, string>>, outfile: string): Promise<void> {
  const imports = Object.entries(packages).map(([from, name]) => `import { ${name} } from '${from}';`);
  const made = Object.values(packages).map((name) =>
    name === 'DynamoDBDocumentClient' ? `${name}.from(new DynamoDBClient())` : `new ${name}()`,
  );
  await build({
    stdin: {
      contents: `${imports.join('\n')}\nconst clients = [${made.join(', ')}];\nexport const handler = async () => clients.length;`,
      resolveDir: import.meta.dirname,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    banner: {
      js: `import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);`,
    },
    logLevel: 'error',
  });
}

async function kilobytes(file: string): Promise<number> {
  return Math.round((await stat(file)).size / 1000);
}
