import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type StageConfig, secretPrefix } from '../config.ts';

/** The secrets of all connectors of a stage. */
export function connectorSecretsArn(scope: Construct, config: StageConfig): string {
  return Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretPrefix(config)}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** For the rule packs: why a role that uses them is granted a prefix. */
export function anyConnectorSecret(config: StageConfig): { readonly id: string; readonly reason: string } {
  return {
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${secretPrefix(config)}/*]`,
    reason: "Connectors, and with them their secrets, are created at run time below this stage's prefix.",
  };
}
