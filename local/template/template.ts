import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** One resource of a CloudFormation template, as it is written there. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** A synthesized stack: its template, and where the files lie that a deployment would upload. */
export interface SynthesizedStack {
  readonly name: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  /** Folders of the assets, by the S3 key that the template knows them by. */
  readonly assetDirs: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { readonly type: string; readonly properties?: { readonly templateFile?: string } }>
  >;
}

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** Reads the one stack of a cloud assembly. Throws when there is none or more than one. */
export async function readSynthesizedStack(assemblyDir: string): Promise<SynthesizedStack> {
  const manifest: Manifest = JSON.parse(await readFile(path.join(assemblyDir, 'manifest.json'), 'utf8'));
  const stacks = Object.entries(manifest.artifacts).filter(
    ([, { type }]) => type === 'aws:cloudformation:stack',
  );
  const [stack] = stacks;
  if (stack === undefined || stacks.length !== 1) {
    throw new Error(`${assemblyDir} holds ${stacks.length} stacks; the embedded mode builds exactly one.`);
  }
  const [name, { properties }] = stack;
  if (properties?.templateFile === undefined) throw new Error(`The stack ${name} has no template file.`);
  const read = async (file: string) => JSON.parse(await readFile(path.join(assemblyDir, file), 'utf8'));
  const template: { Resources: Record<string, TemplateResource> } = await read(properties.templateFile);
  const assets: AssetManifest = await read(properties.templateFile.replace('.template.json', '.assets.json'));
  return { name, resources: template.Resources, assetDirs: assetDirs(assets, assemblyDir) };
}

function assetDirs({ files }: AssetManifest, assemblyDir: string): ReadonlyMap<string, string> {
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(
        ({ objectKey }) => [objectKey, path.resolve(assemblyDir, source.path)] as const,
      ),
    ),
  );
}
