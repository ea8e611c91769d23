import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ConnectorPlace, ConnectorRegistry, StoredConnector } from '../connectors/connector-registry.ts';
import type { Item } from './stream-item.ts';

export interface DynamoConnectorRegistryOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** One partition, so that the list needs no index: it is written when somebody changes a connector, and that is seldom. */
const partition = 'CONNECTORS';
const namePartition = (tenant: string) => `NAMES#${tenant}`;
const sortKey = ({ tenant, id }: ConnectorPlace) => `${tenant}/${id}`;
/** The least text behind every key that begins with the tenant and a slash. */
const endOf = (tenant: string) => `${tenant}0`;

/** The connectors in the state table: items `CONNECTORS` / `<tenant>/<id>`, and a claim for every name. */
export function createDynamoConnectorRegistry({
  client,
  table,
}: DynamoConnectorRegistryOptions): ConnectorRegistry {
  async function write(stored: StoredConnector, condition: string, values: Item): Promise<boolean> {
    const { connector, functions, state, version, updatedAt } = stored;
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: {
            pk: partition,
            sk: sortKey(connector),
            connector,
            functions,
            state,
            version,
            updatedAt,
          },
          ConditionExpression: condition,
          ...(Object.keys(values).length === 0
            ? {}
            : { ExpressionAttributeValues: values, ExpressionAttributeNames: { '#version': 'version' } }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
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

    create: (stored) => write(stored, 'attribute_not_exists(pk)', {}),

    replace: (stored, seen) => write(stored, '#version = :seen', { ':seen': seen }),

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
        new GetCommand({
          TableName: table,
          Key: { pk: namePartition(tenant), sk: name.toLowerCase() },
          ConsistentRead: true,
        }),
      );
      const owner: unknown = item?.['connectorId'];
      return typeof owner === 'string' ? owner : undefined;
    },

    async moveName(tenant, name, from, to) {
      const key = { pk: namePartition(tenant), sk: name.toLowerCase() };
      const condition =
        from === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'connectorId = :from',
              ExpressionAttributeValues: { ':from': from },
            };
      if (from === undefined && to === undefined) return true;
      try {
        if (to === undefined)
          await client.send(new DeleteCommand({ TableName: table, Key: key, ...condition }));
        else
          await client.send(
            new PutCommand({ TableName: table, Item: { ...key, connectorId: to }, ...condition }),
          );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
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
