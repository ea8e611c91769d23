/** SQS and S3 in a process of their own. Started by `queue-server.ts`, never by hand. */
import { type SqsS3Options, startSqsS3 } from '../../local/emulators/sqs-s3/start-sqs-s3.ts';

// Whoever started us may be killed without a chance to stop us.
process.on('disconnect', () => process.exit(1));
process.once('message', (options: SqsS3Options) => {
  startSqsS3(options).then(
    ({ url }) => process.send?.({ url }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
