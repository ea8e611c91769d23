import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PolicyStore } from '../actions/policy/policy-store.ts';
import { noPolicy } from '../actions/policy/response-policy.ts';

export interface DynamoPolicyStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** The response policy of each tenant in one item of the state table. */
export function createDynamoPolicyStore({ client, table }: DynamoPolicyStoreOptions): PolicyStore {
  return {
    async get(tenant) {
      const { Item: item } = await client.send(
        new GetCommand({ TableName: table, Key: policyKey(tenant), ConsistentRead: true }),
      );
      if (item === undefined) return noPolicy;
      const { version, content } = item;
      // A policy that is misread protects nobody.
      if (typeof version !== 'number' || typeof content !== 'string')
        throw new Error(`The response policy of ${tenant} is not as it was written.`);
      // A setting that an older version did not know has its default.
      return { ...noPolicy, ...JSON.parse(content), version };
    },

    async put(tenant, settings, seenVersion) {
      const content = JSON.stringify(settings);
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...policyKey(tenant), version: seenVersion + 1, content },
            ConditionExpression: seenVersion === 0 ? 'attribute_not_exists(pk)' : '#version = :seen',
            ...(seenVersion === 0
              ? {}
              : {
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':seen': seenVersion },
                }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The SDK repeats a call whose answer was lost, and then meets its own write.
        const { Item: stored } = error;
        return stored?.['version']?.N === String(seenVersion + 1) && stored['content']?.S === content;
      }
    },
  };
}

function policyKey(tenant: string): { readonly pk: string; readonly sk: string } {
  return { pk: `RESPONSE#${tenant}`, sk: 'POLICY' };
}
