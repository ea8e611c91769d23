import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { ConnectorPlace, ConnectorRegistry, StoredConnector } from '../connectors/connector-registry.ts';
import type { Connector } from '../ports.ts';
import type { Item } from './stream-item.ts';

export interface DynamoConnectorRegistryOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** One partition, so that the list needs no index: it is written when somebody changes a connector, and that is seldom. */
const partition = 'CONNECTORS';
const nameKey = ({ tenant, name }: Pick<Connector, 'tenant' | 'name'>) => ({
  pk: `NAMES#${tenant}`,
  sk: name.toLowerCase(),
});
const sortKey = ({ tenant, id }: ConnectorPlace) => `${tenant}/${id}`;
/** The least text behind every key that begins with the tenant and a slash. */
const endOf = (tenant: string) => `${tenant}0`;

/** How often a transaction is tried again that has met another one at the same item. */
const mostConflicts = 10;
type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * The connectors in the state table: items `CONNECTORS` / `<tenant>/<id>`, and a claim for every name. Both are written in one
 * transaction, which also recognises a write of its own whose answer was lost.
 */
export function createDynamoConnectorRegistry({
  client,
  table,
}: DynamoConnectorRegistryOptions): ConnectorRegistry {
  function putEntry(stored: StoredConnector, condition: string, values?: Item): Write {
    const { connector, functions, state, version, updatedAt } = stored;
    return {
      Put: {
        TableName: table,
        Item: { pk: partition, sk: sortKey(connector), connector, functions, state, version, updatedAt },
        ConditionExpression: condition,
        ...(values === undefined
          ? {}
          : { ExpressionAttributeValues: values, ExpressionAttributeNames: { '#version': 'version' } }),
      },
    };
  }
  const ours = ({ id }: Connector) => ({
    ConditionExpression: 'attribute_not_exists(pk) OR connectorId = :id',
    ExpressionAttributeValues: { ':id': id },
  });
  const putName = (connector: Connector): Write => ({
    Put: { TableName: table, Item: { ...nameKey(connector), connectorId: connector.id }, ...ours(connector) },
  });
  const deleteName = (connector: Connector): Write => ({
    Delete: { TableName: table, Key: nameKey(connector), ...ours(connector) },
  });

  /** By write, whether its condition did not hold; all false where everything was written. */
  async function transact(writes: Write[]): Promise<readonly boolean[]> {
    for (let conflicts = 0; ; conflicts++) {
      try {
        await client.send(new TransactWriteCommand({ TransactItems: writes }));
        return writes.map(() => false);
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code);
        const failed = reasons.map((code) => code === 'ConditionalCheckFailed');
        if (failed.includes(true)) return failed;
        if (!reasons.includes('TransactionConflict') || conflicts >= mostConflicts) throw error;
      }
    }
  }

  return {
    async get(tenant, id) {
      const { Item: item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { pk: partition, sk: sortKey({ tenant, id }) },
          ConsistentRead: true,
        }),
      );
      return item === undefined ? undefined : storedFromItem(item);
    },

    async create(stored) {
      const entry = putEntry(stored, 'attribute_not_exists(pk)');
      const names = stored.state === 'deleted' ? [] : [putName(stored.connector)];
      const [isIdTaken, isNameTaken] = await transact([entry, ...names]);
      if (isNameTaken) return 'name_taken';
      return isIdTaken ? 'id_taken' : 'created';
    },

    async replace(stored, seen) {
      const { connector, state } = stored;
      const isRenamed = connector.name.toLowerCase() !== seen.connector.name.toLowerCase();
      const [isOutdated, isNameTaken, isNotOurs] = await transact([
        putEntry(stored, '#version = :seen', { ':seen': seen.version }),
        state === 'deleted' ? deleteName(connector) : putName(connector),
        ...(isRenamed ? [deleteName(seen.connector)] : []),
      ]);
      if (isOutdated) return 'outdated';
      if (isNotOurs)
        throw new Error(
          `The name ${seen.connector.name} of ${sortKey(connector)} is kept for another connector.`,
        );
      return isNameTaken ? 'name_taken' : 'replaced';
    },

    async page({ tenant, after, limit }) {
      const first = tenant === undefined ? ' ' : `${tenant}/`;
      // A place may be one of another tenant.
      const from = after !== undefined && sortKey(after) > first ? `${sortKey(after)}\0` : first;
      const to = tenant === undefined ? '\uffff' : endOf(tenant);
      // DynamoDB takes no span that ends before it begins.
      if (from > to) return { connectors: [] };
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': partition,
            ':from': from,
            ':to': to,
          },
          Limit: limit,
          ConsistentRead: true,
        }),
      );
      const read = items.map(storedFromItem);
      const end = read.at(-1)?.connector;
      return {
        connectors: read.filter(({ state }) => state !== 'deleted'),
        ...(last === undefined || end === undefined ? {} : { after: { tenant: end.tenant, id: end.id } }),
      };
    },

    async ownerOfName(tenant, name) {
      const { Item: item } = await client.send(
        new GetCommand({ TableName: table, Key: nameKey({ tenant, name }), ConsistentRead: true }),
      );
      const owner: unknown = item?.['connectorId'];
      return typeof owner === 'string' ? owner : undefined;
    },
  };
}

/** Throws for an item that is no connector: what is misread here would be written back. */
function storedFromItem(item: Item): StoredConnector {
  const { connector, functions, state, version, updatedAt } = item;
  const isConnector =
    typeof connector === 'object' &&
    connector !== null &&
    Array.isArray(functions) &&
    typeof state === 'string' &&
    typeof version === 'number' &&
    typeof updatedAt === 'number';
  if (!isConnector) throw new Error(`The item ${String(item['sk'])} is not a connector's.`);
  return { connector, functions, state, version, updatedAt } as StoredConnector;
}
