import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type StageConfig, stageConfig } from '../../infra/config.ts';
import { SentinelLakeStack } from '../../infra/sentinel-lake-stack.ts';

export const REPOSITORY = join(import.meta.dirname, '..', '..');

/** What the CDK command line would pass to the app: feature flags change the template, so tests must use the same. */
export function cdkContext(): Record<string, unknown> {
  const cdkJson: { context: Record<string, unknown> } = JSON.parse(
    readFileSync(join(REPOSITORY, 'cdk.json'), 'utf8'),
  );
  return cdkJson.context;
}

/** A fresh stack; the functions are not bundled. */
export function sentinelLakeStack(config: StageConfig): SentinelLakeStack {
  const app = new App({ context: { ...cdkContext(), 'aws:cdk:bundling-stacks': [] } });
  return new SentinelLakeStack(app, 'SentinelLake', { config });
}

/** The template of a configuration, `prod` unless told otherwise. */
export function synthesize(config: StageConfig = stageConfig('prod')): Template {
  return Template.fromStack(sentinelLakeStack(config));
}

export interface Resource<Properties = Readonly<Record<string, unknown>>> {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface PolicyDocument {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: unknown;
    readonly Condition?: unknown;
  }[];
}

export interface FunctionProperties {
  readonly Code: { readonly S3Key: string };
  readonly Role: unknown;
  readonly Timeout: number;
  readonly LoggingConfig: { readonly LogGroup: unknown };
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  readonly RecursiveLoop?: string;
}

type Identified<Properties> = Resource<Properties> & { readonly id: string };

/** Every resource by its logical id. */
export function resources(template: Template): Readonly<Record<string, Resource>> {
  return template.toJSON()['Resources'];
}

/** The resources of a type. The caller says what it expects of their properties. */
export function ofType<Properties>(template: Template, type: string): readonly Identified<Properties>[] {
  const all: Record<string, Resource<Properties>> = template.toJSON()['Resources'];
  return Object.entries(all)
    .filter(([, { Type }]) => Type === type)
    .map(([id, resource]) => ({ id, ...resource }));
}

/** The only resource of a type. */
export function only<Properties = Resource['Properties']>(
  template: Template,
  type: string,
): Identified<Properties> {
  const found = ofType<Properties>(template, type);
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`Expected one ${type}, found ${found.length}.`);
  return first;
}

/** The function whose POWERTOOLS_SERVICE_NAME is `service`. */
export function lambda(template: Template, service: string): Identified<FunctionProperties> {
  const found = ofType<FunctionProperties>(template, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.Environment.Variables['POWERTOOLS_SERVICE_NAME'] === service,
  );
  if (found === undefined) throw new Error(`There is no function of the service ${service}.`);
  return found;
}

/** A CloudFormation value as readable text: `<Id>` for a Ref, `<Id.Arn>` for an attribute, joins put together. */
export function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    if ('Ref' in value) return `<${String(value.Ref)}>`;
    if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt']))
      return `<${value['Fn::GetAtt'].join('.')}>`;
    if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
      const [separator, parts] = value['Fn::Join'];
      return parts.map(readable).join(separator);
    }
  }
  throw new Error(`Not a text: ${JSON.stringify(value)}`);
}
