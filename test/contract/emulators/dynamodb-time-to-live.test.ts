import {
  type AttributeValue,
  BatchWriteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { clients, emulator, key, noonMs, restart, TableName } from './dynamodb-fixture.ts';
import { refusalOf } from './running-emulators.ts';

describe('time to live', () => {
  const specification = { Enabled: true, AttributeName: 'expiresAt' };

  async function names(): Promise<(string | undefined)[]> {
    const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName }));
    return Items.map((item) => item['pk']?.S).toSorted();
  }

  beforeEach(async () => {
    const input = { TableName, TimeToLiveSpecification: specification };
    await clients.dynamodb.send(new UpdateTimeToLiveCommand(input));
  });

  it('deletes what has expired, and nothing else', async () => {
    const noonSeconds = noonMs / 1000;
    const expiries: Record<string, AttributeValue> = {
      expired: { N: String(noonSeconds - 1) },
      now: { N: String(noonSeconds) },
      later: { N: String(noonSeconds + 1) },
      text: { S: '1' },
      'six-years-ago': { N: String(noonSeconds - 6 * 365 * 86_400) },
    };
    await clients.dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [
            ...Object.entries(expiries).map(([name, expiresAt]) => ({
              PutRequest: { Item: { ...key(name), expiresAt } },
            })),
            { PutRequest: { Item: key('never') } },
          ],
        },
      }),
    );
    expect(await emulator.sweep(noonMs)).toBe(1);
    expect(await names()).toEqual(['later', 'never', 'now', 'six-years-ago', 'text']);
    expect(await emulator.sweep(noonMs + 2000)).toBe(2);
    expect(await names()).toEqual(['never', 'six-years-ago', 'text']);
  });

  it('takes the same setting again and refuses another attribute', async () => {
    const set = (AttributeName: string) =>
      clients.dynamodb.send(
        new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName } }),
      );
    await set('expiresAt');
    expect(await refusalOf(set('other'))).toMatchObject({ name: 'ValidationException' });
  });

  it('and point-in-time recovery are kept over a restart', async () => {
    const recovery = {
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    };
    await clients.dynamodb.send(new UpdateContinuousBackupsCommand(recovery));
    await restart();
    const ttl = await clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
    const backups = await clients.dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(
      backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    ).toBe('ENABLED');
  });
});
