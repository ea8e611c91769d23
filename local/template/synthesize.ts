import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');

/** What the assembly is made of: when none of it has changed, an earlier one is still right. */
const inputs = ['infra', 'functions', 'shared', 'cdk.json', 'package-lock.json'];

/**
 * Synthesizes the stack with its bundles, as `cdk synth` does, without the CLI's start-up time. Kept in `cdk.out` and used
 * again while its sources are the same. Throws with the app's output when it does not synthesize.
 * @returns the folder of the cloud assembly
 */
export async function synthesize(): Promise<string> {
  const assembly = path.join(repository, 'cdk.out', `embedded-${await digest()}`);
  if (existsSync(path.join(assembly, 'manifest.json'))) return assembly;
  const draft = `${assembly}-${process.pid}`;
  await mkdir(path.dirname(draft), { recursive: true });
  await runApp(draft);
  try {
    await rename(draft, assembly);
  } catch (error) {
    // Another command was faster; the two are equal.
    if (!existsSync(path.join(assembly, 'manifest.json'))) throw error;
    await rm(draft, { recursive: true });
  }
  return assembly;
}

async function digest(): Promise<string> {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of await filesBelow(path.join(repository, input))) {
      hash.update(path.relative(repository, file)).update('\0');
      hash.update(await readFile(file)).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesBelow(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return undefined;
      throw error;
    },
  );
  if (entries === undefined) return [place];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function runApp(outDir: string): Promise<void> {
  // Validation costs more than a second of every first start; npm run synth and CI have done it.
  // The CLI hands the context of cdk.json to the app in this variable; feature flags change the template.
  const { context = {} }: { context?: object } = JSON.parse(
    await readFile(path.join(repository, 'cdk.json'), 'utf8'),
  );
  const child = spawn(process.execPath, [path.join(repository, 'infra', 'app.ts')], {
    cwd: repository,
    env: {
      ...process.env,
      CDK_OUTDIR: outDir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The stack does not synthesize:\n${output}`);
}
