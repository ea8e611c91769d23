import type { RunningServer } from '../aws-json-server.ts';
import { addLayer } from './compatibility-layer.ts';
import { checkStores, loadFauxqs } from './fauxqs-internals.ts';
import { BucketFiles } from './s3/bucket-files.ts';
import { guardBuckets } from './s3/bucket-guard.ts';
import { checkConditions } from './s3/conditional-writes.ts';
import { guardKeys } from './s3/key-guard.ts';
import { listObjects } from './s3/list-objects.ts';
import { checkPayloads } from './s3/payloads.ts';
import { refuseUnknownSubresources } from './s3/subresources.ts';
import { deadLetterQueues } from './sqs/dead-letter-queues.ts';
import { checkDelays } from './sqs/delay-range.ts';
import { allowAllCharacters } from './sqs/message-characters.ts';
import { keepMessageGroups } from './sqs/message-groups.ts';
import { moveQueuesTo, useAddresses } from './sqs/queue-addresses.ts';
import { countNow } from './sqs/queue-counts.ts';
import { keepQueues } from './sqs/queue-file.ts';

export interface SqsS3Options {
  /** Where the queues' SQLite file is. */
  readonly queueDirectory: string;
  /** Directories of plain object files, by bucket name. */
  readonly buckets: Readonly<Record<string, string>>;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** A free port unless given. */
  readonly port?: number;
}

/**
 * Starts SQS and S3 on one port of the loopback interface. Clients use S3 in path style, which the SDK does by
 * itself where the endpoint is an IP address.
 * @throws Error when fauxqs or the stored state is not as expected.
 */
export async function startSqsS3(options: SqsS3Options): Promise<RunningServer> {
  const { region, accountId } = options;
  const fauxqs = await loadFauxqs();
  const sqsStore = new fauxqs.SqsStore();
  const s3Store = new fauxqs.S3Store();
  checkStores(sqsStore, s3Store);

  s3Store.persistence = new BucketFiles(s3Store, options.buckets);
  const queueFile = keepQueues(fauxqs, sqsStore, options.queueDirectory);
  try {
    useAddresses(sqsStore, region, accountId);
    allowAllCharacters(fauxqs);
    const stores = { sqsStore, snsStore: new fauxqs.SnsStore(), s3Store };
    const app = fauxqs.buildApp({ logger: false, stores });
    addLayer(fauxqs, app, {
      sqs: [
        countNow(sqsStore),
        keepMessageGroups(fauxqs),
        checkDelays(fauxqs, sqsStore),
        deadLetterQueues(sqsStore),
      ],
      s3: [
        guardBuckets(Object.keys(options.buckets)),
        refuseUnknownSubresources,
        guardKeys,
        listObjects(s3Store),
        checkPayloads(fauxqs),
        checkConditions(s3Store),
      ],
    });
    const url = await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
    moveQueuesTo(sqsStore, url, accountId);
    return {
      url,
      async close() {
        await app.close();
        queueFile.close();
      },
    };
  } catch (error) {
    queueFile.close();
    throw error;
  }
}
