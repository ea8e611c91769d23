import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDueIndex } from '../../../shared/aws/dynamo-due-index.ts';
import type { DuePage } from '../../../shared/ports.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dueIndex = createDynamoDueIndex({ client, table: 'state', indexName: 'due', shards: 1 });
const due = { id: { tenant: 'acme', connector: 'edr', contentType: 'threats' }, nextDueAt: 5 };

/** Fails the condition, showing an item with this claim. */
function failWith(claimIdOf: (sent: string) => string): void {
  documents.on(UpdateCommand).callsFake((input) => {
    const sent: string = input.ExpressionAttributeValues[':claimId'];
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      Item: marshall({ nextDueAt: 9, claimId: claimIdOf(sent) }),
    });
  });
}

beforeEach(() => documents.reset());

describe('a claim on DynamoDB', () => {
  it('is ours when the answer was lost and the SDK asked again', async () => {
    failWith((sent) => sent);
    expect(await dueIndex.claim(due, 9)).toBe(true);
  });

  it('is not ours when another tick made it, even with the same due time', async () => {
    failWith(() => 'of another tick');
    expect(await dueIndex.claim(due, 9)).toBe(false);
  });

  it('throws when the table does not answer', async () => {
    documents.on(UpdateCommand).rejects(new Error('throttled'));
    await expect(dueIndex.claim(due, 9)).rejects.toThrow('throttled');
  });
});

describe('what is due on DynamoDB', () => {
  /** A shard's items, given two at a time; the start key is the last item's. */
  function serve(shards: Readonly<Record<string, readonly Record<string, unknown>[]>>): void {
    documents.on(QueryCommand).callsFake((input: QueryCommandInput) => {
      const items = shards[input.ExpressionAttributeValues?.[':shard']] ?? [];
      const from = items.findIndex(({ sk }) => sk === input.ExclusiveStartKey?.['sk']) + 1;
      const page = items.slice(from, from + 2);
      return {
        Items: page,
        ...(from + 2 < items.length ? { LastEvaluatedKey: page.at(-1) } : {}),
      };
    });
  }
  const item = (contentType: string, nextDueAt: number) => ({
    pk: 'CONNECTOR#acme/edr',
    sk: `STREAM#${contentType}`,
    dueShard: 'due#0',
    nextDueAt,
  });
  async function pagesOf(shards: number): Promise<DuePage[]> {
    const pages: DuePage[] = [];
    const index = createDynamoDueIndex({ client, table: 'state', indexName: 'due', shards });
    for await (const page of index.due(9)) pages.push(page);
    return pages;
  }
  const typesOf = ({ items }: DuePage) => items.map(({ id }) => id.contentType);

  it('is read from all shards side by side, each to its end', async () => {
    serve({
      'due#0': [item('a', 1), item('b', 2), item('c', 3)],
      'due#1': [item('d', 1)],
      'due#2': [item('e', 1), item('f', 2), item('g', 3), item('h', 4), item('i', 5)],
    });
    expect((await pagesOf(3)).map(typesOf)).toStrictEqual([
      ['a', 'b', 'd', 'e', 'f'],
      ['c', 'g', 'h'],
      ['i'],
    ]);
  });

  it('asks for what is due by now and nothing else', async () => {
    serve({});
    expect(await pagesOf(1)).toStrictEqual([]);
    expect(documents.commandCalls(QueryCommand)).toHaveLength(1);
    expect(documents.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      KeyConditionExpression: 'dueShard = :shard AND nextDueAt <= :now',
      ExpressionAttributeValues: { ':shard': 'due#0', ':now': 9 },
    });
  });

  it('names what is no stream and gives the streams beside it', async () => {
    serve({
      'due#0': [item('a', 1), { ...item('x', 2), sk: 'CONNECTOR' }, { ...item('y', 3), pk: 'acme' }],
    });
    const pages = await pagesOf(1);
    expect(pages.flatMap(typesOf)).toStrictEqual(['a']);
    expect(pages.flatMap(({ unreadable }) => unreadable)).toStrictEqual([
      'CONNECTOR#acme/edr CONNECTOR',
      'acme STREAM#y',
    ]);
  });
});
