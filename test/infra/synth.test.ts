import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import { cdkContext, type FunctionProperties, ofType, REPOSITORY, readable } from './synthesize.ts';

// Outside the repository, so that nothing found here can come from its node_modules.
const directory = mkdtempSync(join(tmpdir(), 'sentinel-lake-synth-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function node(args: readonly string[], env: Record<string, string>) {
  return spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: directory, ...env },
  });
}

/** Runs the app as the CDK command line does, with bundling and every validation; needs no account. */
function synth(context: Record<string, unknown>, outdir: string) {
  return node([join(REPOSITORY, 'infra', 'app.ts')], {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...cdkContext(), ...context }),
  });
}

/** Measured: 0.43 MB the fan-out, 0.80 MB the worker, 0.73 MB the outcomes, 1.06 MB the api. More is something that was dragged in. */
const mostBytes: Readonly<Record<string, number>> = {
  'fan-out': 600_000,
  worker: 1_000_000,
  outcomes: 900_000,
  api: 1_200_000,
};

/** What a bundle is made of, as its source map says: the function, what is shared, and no package that is for development. */
function expectOwnCodeOnly(bundle: string, service: string): void {
  const { sources }: { sources: string[] } = readJson(`${bundle}.map`);
  const packages = new Set(sources.flatMap((source) => packageOf(source) ?? []));
  const own = sources
    .filter((source) => packageOf(source) === undefined)
    .map((source) => relative(REPOSITORY, resolve(dirname(bundle), source)));
  const { devDependencies } = readJson(REPOSITORY, 'package.json');

  expect(own).toContain(`functions/${service}/handler.ts`);
  for (const source of own)
    expect(source).toMatch(new RegExp(`^(shared/|functions/${service}/|package\\.json$)`));
  expect([...packages].filter((name) => name in devDependencies)).toEqual([]);
  expect(statSync(bundle).size).toBeLessThan(mostBytes[service] ?? 0);
}

/** `zod` or `@aws-sdk/client-s3` of a path with node_modules; undefined for our own files. */
function packageOf(source: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
}

function readJson(...path: string[]) {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

describe('node infra/app.ts', () => {
  it('passes cdk-nag and the template validation, and bundles functions that load on their own', () => {
    const outdir = join(directory, 'cdk.out');

    const { status, stderr } = synth({}, outdir);

    expect(stderr).not.toMatch(/^(ERROR|WARN)/m);
    expect(status).toBe(0);
    expect(readJson(outdir, 'validation-report.json')).toMatchObject({ pluginReports: [] });

    const template = Template.fromJSON(readJson(outdir, 'SentinelLake.template.json'));
    const functions = ofType<FunctionProperties>(template, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(4);
    for (const { Properties } of functions) {
      const bundle = join(outdir, `asset.${Properties.Code.S3Key.replace('.zip', '')}`, 'index.mjs');
      const environment = Object.entries(Properties.Environment.Variables).map(([name, value]) => [
        name,
        readable(value),
      ]);

      const loaded = node(
        [
          '--input-type=module',
          '-e',
          `console.log(typeof (await import('${pathToFileURL(bundle)}')).handler)`,
        ],
        { AWS_REGION: 'eu-central-1', ...Object.fromEntries(environment) },
      );

      expect(readFileSync(bundle, 'utf8')).toMatch(/^import\{createRequire as/);
      const service = String(Properties.Environment.Variables['POWERTOOLS_SERVICE_NAME']);
      expectOwnCodeOnly(bundle, service);
      expect(loaded).toMatchObject({ stdout: 'function\n', stderr: '', status: 0 });
    }
  });

  it('refuses a stage that does not exist', () => {
    const { status, stderr } = synth({ stage: 'staging' }, join(directory, 'none'));

    expect(status).toBe(1);
    expect(stderr).toContain('Unknown stage "staging": use -c stage=prod or -c stage=dev');
  });
});
