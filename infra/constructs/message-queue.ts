import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Crashes in a row after which a message stops being tried. */
const MAX_RECEIVE_COUNT = 5;

export interface MessageQueueProps {
  /** How long a message that was received stays hidden from the other receivers. */
  readonly visibilitySeconds: number;
}

/** A queue of messages that hold no data, and of those that crashed their receiver again and again. */
export class MessageQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { visibilitySeconds }: MessageQueueProps) {
    super(scope, id);
    // A message names what to work on and holds no data: a lost queue only delays work, so it goes with the stack.
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason:
        'This is the dead-letter queue itself; nothing consumes it but an operator who moves messages back.',
    });
  }
}
