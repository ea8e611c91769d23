/**
 * The requests of a fan-out and nothing else: one claim for each stream and one batch for every ten, as bytes over kept
 * connections, neither signed nor parsed. Started by `fan-out-80000.ts`, never by hand.
 */
import https from 'node:https';
import { reportRun } from './fan-out-run.ts';

const streams = Number(process.argv[2]);
const endpoint = new URL(process.env['AWS_ENDPOINT_URL'] ?? '');
const agent = new https.Agent({ keepAlive: true, maxSockets: 50 });
const batchSize = 10;
const lanes = 8;

const claim = JSON.stringify({
  TableName: 'SentinelLake-StateTable',
  Key: { pk: { S: 'CONNECTOR#tenant-000001/edr' }, sk: { S: 'STREAM#threats' } },
  UpdateExpression: 'SET nextDueAt = :until, claimId = :claimId',
  ConditionExpression: 'nextDueAt = :seen',
  ExpressionAttributeValues: {
    ':until': { N: '1795000900000' },
    ':claimId': { S: '4b3f5b52-7d0e-4f0e-9d51-6a1f6b0f3c1e' },
    ':seen': { N: '1795000000000' },
  },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});
const batch = JSON.stringify({
  QueueUrl: `${endpoint.origin}/000000000000/work`,
  Entries: Array.from({ length: batchSize }, (_, i) => ({
    Id: String(i),
    MessageBody:
      '{"version":1,"stream":{"tenant":"tenant-000001","connector":"edr","contentType":"threats"}}',
    DelaySeconds: 0,
    MessageGroupId: 'tenant-000001',
  })),
});

function post(operation: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      endpoint,
      { agent, method: 'POST', headers: { 'x-amz-target': operation, 'content-length': body.length } },
      (response) => response.resume().once('end', resolve),
    );
    request.once('error', reject);
    request.end(body);
  });
}

let begun = 0;
let sent = 0;
async function lane(): Promise<void> {
  while (begun < streams) {
    const size = Math.min(batchSize, streams - begun);
    begun += size;
    await Promise.all(Array.from({ length: size }, () => post('DynamoDB_20120810.UpdateItem', claim)));
    await post('AmazonSQS.SendMessageBatch', batch);
    sent += size;
  }
}

await reportRun(async () => {
  await Promise.all(Array.from({ length: lanes }, lane));
  return sent;
});
