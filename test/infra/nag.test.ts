import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { Node } from 'constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { stageConfig } from '../../infra/config.ts';
import { sentinelLakeStack } from './synthesize.ts';

const packs: readonly [string, () => NagPack][] = [
  ['AwsSolutions', () => new AwsSolutionsChecks()],
  ['Serverless', () => new ServerlessChecks()],
];

/** What the packs find, as `rule @ construct`. */
function findings(scope: IConstruct): readonly string[] {
  return packs
    .flatMap(([, pack]) => pack().validateScope(scope).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} @ ${constructPath}`),
    )
    .sort();
}

interface Acknowledged {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

function acknowledgements(scope: IConstruct): readonly Acknowledged[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .map(([id, reason]) => ({ path: node.path, rule: id.replace(/^Annotation::/, ''), reason })),
  );
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(['prod', 'dev'])('cdk-nag in %s', (stage) => {
  it('finds nothing that is not acknowledged', () => {
    expect(findings(sentinelLakeStack(stageConfig(stage)))).toEqual([]);
  });

  it('finds exactly what is acknowledged when nobody acknowledges it', () => {
    const stack = sentinelLakeStack(stageConfig(stage));
    const acknowledged = acknowledgements(stack);

    vi.spyOn(Node.prototype, 'metadata', 'get').mockReturnValue([]);
    const found = findings(stack);

    const covers = ({ rule, path }: Acknowledged, finding: string) =>
      finding.startsWith(`${rule} @ ${path}/`);
    expect(found.filter((finding) => !acknowledged.some((entry) => covers(entry, finding)))).toEqual([]);
    expect(acknowledged.filter((entry) => !found.some((finding) => covers(entry, finding)))).toEqual([]);
    // Two of them twice: the proxy's method and the root's.
    expect(found).toHaveLength(30);
  });

  it('has a reason for everything that is acknowledged', () => {
    const acknowledged = acknowledgements(sentinelLakeStack(stageConfig(stage)));

    expect(acknowledged).toHaveLength(28);
    for (const { rule, reason } of acknowledged) expect(reason.split(' ').length, rule).toBeGreaterThan(8);
  });
});

describe('cdk-nag itself', () => {
  it('does find things', () => {
    const stack = new Stack(new App(), 'Careless');
    new Bucket(stack, 'Open');

    expect(findings(stack)).toContain('AwsSolutions-S10 @ Careless/Open/Resource');
  });
});
